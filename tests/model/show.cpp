// Operations and jobs as text: what a failing sequence is read by.

#include <ostream>
#include <sstream>

#include "operations.hpp"

namespace purgatory::model {
namespace {

using model::text;

std::string text(const ListCursor& cursor);  // `add` is used with it

std::string text(Which which) {
  switch (which) {
    case Which::current: return "current";
    case Which::trashed: return "trashed";
    case Which::wrong: return "wrong";
  }
  return "?";
}

std::string text(std::chrono::milliseconds duration) {
  return std::to_string(duration.count()) + " ms";
}

std::string text(std::uint64_t number) { return std::to_string(number); }
std::string text(bool value) { return value ? "true" : "false"; }
std::string text(const std::string& bytes) { return in_quotes(bytes); }

std::string text(const FailedJob& job) {
  std::string out = in_quotes(job.group) + "/" + in_quotes(job.job_id);
  out += " failed_at=" + text(job.failed_at);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += std::string(" ") + name + "=" + in_quotes(value);
  };
  add("job_type", job.job_type);
  add("resource_type", job.resource_type);
  add("resource_id", job.resource_id);
  add("resource_name", job.resource_name);
  add("failure_status", job.failure_status);
  add("error_code", job.error_code);
  add("fail_reason", job.fail_reason);
  if (job.attempts != 0) out += " attempts=" + std::to_string(job.attempts);
  for (const auto& [key, value] : job.labels) {
    out.append(" label ").append(in_quotes(key)).append(":").append(in_quotes(value));
  }
  if (!job.payload.empty()) out += " payload of " + std::to_string(job.payload.size());
  return out;
}

template <typename Value>
void add(std::string& out, const char* name, const std::optional<Value>& value) {
  if (value) out += std::string(" ") + name + "=" + text(*value);
}

std::string text(const Stamp& stamp) {
  std::string out;
  if (!stamp.rule.empty()) out += " rule=" + in_quotes(stamp.rule);
  if (!stamp.archive.empty()) out += " archive=" + in_quotes(stamp.archive);
  if (!stamp.rule_hold.empty()) out += " rule_hold=" + in_quotes(stamp.rule_hold);
  add(out, "purge_after", stamp.purge_after);
  add(out, "not_before", stamp.not_before);
  return out;
}

std::string text(const BoundSpec& bound) {
  std::string out = in_quotes(bound.group);
  add(out, "jobs", bound.jobs);
  add(out, "bytes", bound.bytes);
  return out;
}

std::string text(const NoteSpec& note) {
  return in_quotes(note.purge_id) + " undo " + text(note.undo_window);
}

std::string text(const RefSpec& ref) {
  return in_quotes(ref.group) + "/" + in_quotes(ref.job_id) + "@" + text(ref.which);
}

std::string text(const JobSpec& spec) { return text(spec.job) + text(spec.stamp); }

std::string text(const ChangeSpec& change) {
  return text(change.ref) +
         (change.retention ? " to" + text(*change.retention) : std::string(" unchanged"));
}

std::string text(const ListCursor& cursor) {
  return text(cursor.failed_at) + "/" + in_quotes(cursor.job_id) + "/" + in_quotes(cursor.group);
}

std::string text(const Filter& filter) {
  std::string out = filter.literal ? " literal" : "";
  add(out, "failure_status", filter.failure_status);
  add(out, "resource_type", filter.resource_type);
  add(out, "resource_id", filter.resource_id);
  add(out, "job_type", filter.job_type);
  add(out, "error_code", filter.error_code);
  add(out, "resource_name", filter.resource_name);
  add(out, "rule", filter.rule);
  add(out, "failed_from", filter.failed_from);
  add(out, "failed_before", filter.failed_before);
  add(out, "held", filter.held);
  add(out, "resolved", filter.resolved);
  return out;
}

std::string scope(const std::optional<std::string>& group) {
  return group ? "group " + in_quotes(*group) : "project";
}

template <typename Item>
std::string list(const std::vector<Item>& items) {
  std::string out = "[";
  for (const Item& item : items) out += (out.size() > 1 ? "; " : "") + text(item);
  return out + "]";
}

struct Show {
  std::string operator()(const Record& op) const {
    return "record " + list(op.jobs) + " bounds " + list(op.bounds) + " note " + text(op.note);
  }
  std::string operator()(const Forget& op) const {
    return "forget " + in_quotes(op.group) + "/" + in_quotes(op.job_id) +
           (op.if_version ? " if " + text(*op.if_version) : std::string());
  }
  std::string operator()(const Detach& op) const {
    return "detach " + scope(op.group) + " note " + text(op.note);
  }
  std::string operator()(const Remove& op) const {
    return "remove " + list(op.refs) + " note " + text(op.note);
  }
  std::string operator()(const Restore& op) const {
    return std::string(op.resume ? "resume" : "restore") +
           (op.restorable ? " a restorable from " : " ") + in_quotes(op.purge_id) +
           " not_before=" + text(op.not_before) + " bounds " + list(op.bounds) + " budget " +
           text(op.budget_jobs) + " jobs " + text(op.budget_bytes) + " bytes";
  }
  std::string operator()(const RestampJobs& op) const { return "restamp " + list(op.changes); }
  std::string operator()(const Seal& op) const { return "seal " + in_quotes(op.purge_id); }
  std::string operator()(const Archived& op) const { return "archived " + in_quotes(op.purge_id); }
  std::string operator()(const Expire& op) const { return "expire " + in_quotes(op.purge_id); }
  std::string operator()(const Reclaim& op) const {
    return "reclaim " + text(op.budget_jobs) + " jobs " + text(op.budget_bytes) + " bytes";
  }
  std::string operator()(const TrimJournal& op) const {
    return "trim_journal before now - " + text(op.age);
  }
  std::string operator()(const List& op) const {
    std::string out = "list " + scope(op.group) + text(op.filter);
    add(out, "after", op.after);
    return out + " limit " + text(op.limit);
  }
  std::string operator()(const Count& op) const {
    return "count " + scope(op.group) + text(op.filter) + " at most " + text(op.at_most);
  }
  std::string operator()(const Due& op) const { return "due limit " + text(op.limit); }
  std::string operator()(const WithResource& op) const {
    return "with_resource " + scope(op.group) + " " + in_quotes(op.resource_id) + " limit " +
           text(op.limit);
  }
  std::string operator()(const TakeLease& op) const {
    return "lease " + op.name + " for " + op.owner + " ttl " + text(op.ttl);
  }
  std::string operator()(const CompareAndSet& op) const {
    return "compare_and_set " + op.name + " from " +
           (op.expected ? in_quotes(*op.expected) : std::string("nothing")) + " to " +
           in_quotes(op.desired);
  }
};

}  // namespace

std::string in_quotes(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "'";
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    if (value >= 0x20 && value < 0x7F) {
      out += c;
    } else {
      out += {'\\', 'x', kDigits[value / 16U], kDigits[value % 16U]};
    }
  }
  return out + "'";
}

std::string text(Time time) {
  const auto offset = time - kStart;
  if (offset > std::chrono::hours(1) || offset < -std::chrono::hours(1)) {
    return std::to_string(time.time_since_epoch().count());
  }
  return (offset.count() < 0 ? "start" : "start+") + std::to_string(offset.count());
}

std::string text(const Retention& retention) {
  std::string out = text(retention.stamp);
  if (retention.hold) {
    out += " hold=" + in_quotes(retention.hold->actor) + "," + in_quotes(retention.hold->reason);
    add(out, "until", retention.hold->until);
  }
  add(out, "resolved_at", retention.resolved_at);
  return out;
}

std::string text(const StoredJob& stored) {
  return in_quotes(stored.job.project) + "/" + text(stored.job) + text(stored.retention) +
         " recorded_at=" + text(stored.recorded_at) + " version=" + text(stored.version) +
         " bytes=" + text(stored.bytes) + " payload_bytes=" + text(stored.payload_bytes);
}

void showValue(const Operation& operation, std::ostream& out) {
  if (operation.advance.count() != 0) out << "(clock " << operation.advance.count() << " ms) ";
  out << in_quotes(operation.project) << ": " << std::visit(Show{}, operation.what);
}

void showValue(const Sequence& sequence, std::ostream& out) {
  int step = 0;
  for (const Operation& operation : sequence.operations) {
    out << "\n  " << ++step << ". ";
    showValue(operation, out);
  }
}

}  // namespace purgatory::model

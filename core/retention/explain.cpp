#include "core/retention/explain.hpp"

#include <fmt/format.h>

namespace purgatory::retention {
namespace {

std::string since(const StoredJob& stored) {
  const auto& resolved_at = stored.retention.resolved_at;
  return fmt::format("Stored since {}{}", format_time(stored.recorded_at),
                     resolved_at ? ", resolved since " + format_time(*resolved_at) : "");
}

std::string explain_hold(const Hold& hold) {
  return fmt::format("{} holds it{}{}: nothing purges it before{}", hold.actor,
                     hold.until ? " until " + format_time(*hold.until) : "",
                     hold.reason.empty() ? "" : fmt::format(" (\"{}\")", hold.reason),
                     hold.until ? "" : " it is released");
}

std::string explain_stamp(const Stamp& stamp, Time now) {
  if (!stamp.rule_hold.empty()) {
    return fmt::format(
        "rule '{}' holds it (\"{}\"): nothing purges it as long as the policy says "
        "so",
        stamp.rule, stamp.rule_hold);
  }
  const auto due = due_at(stamp);
  if (stamp.rule.empty() && !due) return "no rule is for it: it is kept for ever";
  const std::string who = stamp.rule.empty() ? "the policy" : fmt::format("rule '{}'", stamp.rule);
  if (!due) return who + " keeps it for ever";
  if (stamp.not_before == due) {
    return fmt::format("it was restored, so {} lets it go no sooner than {}", who,
                       format_time(*due));
  }
  return fmt::format("{} {} {}{}", who, *due <= now ? "lets it go since" : "keeps it until",
                     format_time(*due),
                     *due <= now ? ": the next run under this policy takes it" : "");
}

}  // namespace

std::string explain(const CompiledPolicy& policy, const StoredJob& stored, Time now) {
  const Retention& retention = stored.retention;
  std::string text =
      since(stored) + "; " +
      (retention.hold ? explain_hold(*retention.hold) : explain_stamp(retention.stamp, now));
  const Stamp fresh = policy.stamp(stored);
  if (fresh != retention.stamp && !policy.policy().empty()) {
    text += "; by the policy at hand, " + explain_stamp(fresh, now);
  }
  return text + ".";
}

}  // namespace purgatory::retention

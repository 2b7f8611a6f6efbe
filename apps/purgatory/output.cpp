#include "apps/purgatory/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kRowsForWidths = 1000;
constexpr std::string_view kGap = "  ";
constexpr std::size_t kWriteAtOnce = 1 << 16;

/// What goes to stdout.
struct Output {
  std::string waiting;      ///< Printed, and not written yet.
  std::uint64_t lines = 0;  ///< Written.
};

Output& output() {
  static Output output;
  return output;
}

std::uint64_t number_of(const json::value& value) {
  return value.is_int64() ? static_cast<std::uint64_t>(value.get_int64())
                          : value.to_number<std::uint64_t>();
}

std::string cell_of(const json::object& row, const Column& column) {
  const json::value* value = row.if_contains(column.key);
  if (value == nullptr || value->is_null()) return "-";
  if (const json::string* text = value->if_string()) {
    return text->empty() ? "-" : visible(std::string_view(text->data(), text->size()));
  }
  if (const bool* flag = value->if_bool()) return *flag ? "yes" : "no";
  if (column.kind == Column::Kind::bytes) return format_bytes(number_of(*value));
  if (column.kind == Column::Kind::count && !value->is_double()) {
    return format_count(number_of(*value));
  }
  return json::serialize(*value);
}

std::string title_of(std::string_view key) {
  std::string title(key);
  for (char& letter : title) {
    letter =
        letter == '_' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return title;
}

}  // namespace

Rows::Rows(Format format, std::vector<Column> columns)
    : format_(format), columns_(std::move(columns)) {}

void Rows::add(const json::object& row) {
  if (format_ == Format::table) {
    std::vector<std::string> cells;
    for (const Column& column : columns_) cells.push_back(cell_of(row, column));
    if (!widths_.empty()) return print_line(cells, false);
    waiting_.push_back(std::move(cells));
    if (waiting_.size() == kRowsForWidths) print_table();
    return;
  }
  if (format_ == Format::json) print(first_ ? "[\n" : ",\n");
  first_ = false;
  print(json::serialize(row));
  if (format_ == Format::jsonl) print("\n");
}

void Rows::finish() {
  if (format_ == Format::table && widths_.empty() && !waiting_.empty()) print_table();
  if (format_ == Format::json) print(first_ ? "[]\n" : "\n]\n");
  flush();
}

void Rows::print_table() {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(title_of(column.key));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths_.push_back(width_of(titles[i]));
    for (const auto& cells : waiting_) widths_[i] = std::max(widths_[i], width_of(cells[i]));
  }
  print_line(titles, true);
  for (const auto& cells : std::exchange(waiting_, {})) print_line(cells, false);
}

void Rows::print_line(const std::vector<std::string>& cells, bool header) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    const std::size_t missing = widths_[i] - std::min(widths_[i], width_of(cells[i]));
    const bool right = columns_[i].kind != Column::Kind::text;
    if (right) line.append(missing, ' ');
    line += cells[i];
    if (!right && !last) line.append(missing, ' ');
    if (!last) line += kGap;
  }
  if (const auto columns = terminal_columns(STDOUT_FILENO)) line = shorten(line, *columns);
  print(header ? styled(STDOUT_FILENO, Style::bold, line) : line);
  print("\n");
}

void print_result(Format format, std::vector<Column> columns, const json::object& result) {
  if (format == Format::table) {
    Rows rows(format, std::move(columns));
    rows.add(result);
    return rows.finish();
  }
  print(json::serialize(result));
  print("\n");
  flush();
}

void print_members(const json::object& object) {
  std::size_t width = 0;
  for (const auto& [key, value] : object) width = std::max(width, key.size());
  for (const auto& [key, value] : object) {
    const std::string text =
        value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    print(fmt::format("{:<{}}  {}\n", std::string_view(key.data(), key.size()), width,
                      visible(text)));
  }
  flush();
}

void print(std::string_view text) {
  output().waiting += text;
  if (output().waiting.size() >= kWriteAtOnce) flush();
}

void flush() {
  const std::string text = std::exchange(output().waiting, {});
  for (std::size_t written = 0; written < text.size();) {
    if (!wait_to_write(STDOUT_FILENO)) {
      throw Failure(ExitCode::interrupted,
                    fmt::format("interrupted; {} lines were written", output().lines));
    }
    const std::size_t size = std::min<std::size_t>(text.size() - written, PIPE_BUF);
    const ::ssize_t done = ::write(STDOUT_FILENO, text.data() + written, size);
    if (done < 0 && errno != EINTR && errno != EAGAIN) {
      throw Failure(ExitCode::io, fmt::format("stdout: cannot be written: {}",
                                              std::generic_category().message(errno)));
    }
    const auto part = std::string_view(text).substr(
        written, static_cast<std::size_t>(std::max<::ssize_t>(done, 0)));
    output().lines += static_cast<std::uint64_t>(std::ranges::count(part, '\n'));
    written += part.size();
  }
}

void append(json::object& object, const Stamp& stamp) {
  if (!stamp.rule.empty()) object["rule"] = json_text(stamp.rule);
  if (stamp.purge_after) object["purge_after"] = format_time(*stamp.purge_after);
  if (stamp.not_before) object["not_before"] = format_time(*stamp.not_before);
}

json::object to_json(const StoredJob& stored) {
  std::string line;
  json_lines::append(line, stored.job);
  json::object object = json::parse(line).as_object();
  const auto& [stamp, hold, resolved_at] = stored.retention;
  object["version"] = stored.version;
  object["recorded_at"] = format_time(stored.recorded_at);
  object["bytes"] = stored.bytes;
  object["payload_bytes"] = stored.payload_bytes;
  object["held"] = held(stored.retention);
  append(object, stamp);
  if (!stamp.archive.empty()) object["archive"] = json_text(stamp.archive);
  if (hold) {
    object["hold_actor"] = json_text(hold->actor);
    if (hold->until) object["hold_until"] = format_time(*hold->until);
  }
  if (held(stored.retention)) {
    object["hold_reason"] = json_text(hold ? hold->reason : stamp.rule_hold);
  }
  if (resolved_at) object["resolved_at"] = format_time(*resolved_at);
  return object;
}

json::object to_row(const StoredJob& stored) {
  const FailedJob& job = stored.job;
  json::object row{
      {"failed_at", format_time(job.failed_at)},  {"project_id", json_text(job.project)},
      {"group_id", json_text(job.group)},         {"job_id", json_text(job.job_id)},
      {"job_type", json_text(job.job_type)},      {"error_code", json_text(job.error_code)},
      {"fail_reason", json_text(job.fail_reason)}};
  append(row, stored.retention.stamp);
  return row;
}

json::object to_json(const Receipt& receipt) {
  return {{"purge_id", json_text(receipt.purge_id)},
          {"jobs", receipt.jobs},
          {"bytes", receipt.bytes},
          {"held", receipt.held}};
}

json::string json_text(std::string_view text) { return {visible(text)}; }

}  // namespace purgatory::cli

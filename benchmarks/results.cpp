#include "benchmarks/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace purgatory::benchmarks {

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void Results::add(std::string_view operation, std::string_view store, double value) {
  samples_[{std::string(operation), std::string(store)}].push_back(value);
}

std::optional<double> Results::median(std::string_view operation, std::string_view store) const {
  const auto found = samples_.find({std::string(operation), std::string(store)});
  if (found == samples_.end()) return {};
  return benchmarks::median(found->second);
}

void Table::add(std::vector<std::string> row) {
  row.resize(rows_.front().size());
  rows_.push_back(std::move(row));
}

std::string Table::markdown() const {
  std::vector<std::size_t> widths(rows_.front().size(), 3);
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  std::string text;
  const auto out = std::back_inserter(text);
  for (std::size_t line = 0; line < rows_.size(); ++line) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (column == 0) {
        fmt::format_to(out, "| {:<{}} |", rows_[line][column], widths[column]);
      } else {
        fmt::format_to(out, " {:>{}} |", rows_[line][column], widths[column]);
      }
    }
    text += '\n';
    if (line > 0) continue;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      const std::string dashes(widths[column], '-');
      fmt::format_to(out, "{}{}|", column == 0 ? "|-" : "-",
                     column == 0 ? dashes + "-" : dashes + ":");
    }
    text += '\n';
  }
  return text;
}

std::string format_time(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.0f} ns", seconds * 1e9);
  if (seconds < 1e-3) return fmt::format("{:.3g} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.2f} s", seconds);
}

std::string format_rate(double seconds) {
  const double rate = 1 / seconds;
  return rate < 1e5 ? fmt::format("{:.2f} k/s", rate / 1e3) : fmt::format("{:.2f} M/s", rate / 1e6);
}

std::string format_bytes(double bytes) { return fmt::format("{:.0f} B", bytes); }

std::string format_ratio(double ratio) {
  if (ratio >= 1000) return fmt::format("{:.1f}k x", ratio / 1000);
  return fmt::format("{:.3g}x", ratio);
}

std::string format_count(double count) {
  if (count >= 1e6) return fmt::format("{:g}M", count / 1e6);
  return fmt::format("{:g}k", count / 1e3);
}

}  // namespace purgatory::benchmarks

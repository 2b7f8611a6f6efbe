#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace purgatory::benchmarks {

/// What was measured: seconds (of an operation, or of one job) or bytes, by operation and store.
class Results {
 public:
  void add(std::string_view operation, std::string_view store, double value);
  /// Absent: was not measured in this run.
  [[nodiscard]] std::optional<double> median(std::string_view operation,
                                             std::string_view store) const;

 private:
  std::map<std::pair<std::string, std::string>, std::vector<double>> samples_;
};

/// Of at least one value.
[[nodiscard]] double median(std::vector<double> values);

/// A table in Markdown, also readable as it is: the first column to the left, figures to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}

  void add(std::vector<std::string> row);
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

[[nodiscard]] std::string format_time(double seconds);
/// "0.92 M/s", "3.21 k/s", by the time of one.
[[nodiscard]] std::string format_rate(double seconds);
[[nodiscard]] std::string format_bytes(double bytes);
/// "12.3x", "8.2k x".
[[nodiscard]] std::string format_ratio(double ratio);
/// "10k", "1M".
[[nodiscard]] std::string format_count(double count);

}  // namespace purgatory::benchmarks

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/results.hpp"

/// Tables that show stores beside each other, ours first, and which targets are met.
namespace purgatory::benchmarks {

/// What one row compares. A figure is absent if a filter left its benchmark out.
class Figures {
 public:
  Figures(const Results& results, std::string_view operation)
      : results_(results), operation_(operation) {}

  [[nodiscard]] std::optional<double> of(std::string_view store) const {
    return results_.median(operation_, store);
  }

 private:
  const Results& results_;
  std::string_view operation_;
};

/// Is a target met? Absent: there is none, or not all that it needs was measured.
using Verdict = std::function<std::optional<bool>(const Figures&)>;

/// Ours takes at most this.
[[nodiscard]] Verdict at_most(double value);
/// The rival takes at least `factor` as much as ours.
[[nodiscard]] Verdict times_the(std::string_view rival, double factor);
[[nodiscard]] Verdict both(Verdict first, Verdict second);
[[nodiscard]] std::optional<bool> no_target(const Figures& figures);

struct Row {
  std::string title;
  std::string operation;
  std::string (*format)(double);
  std::string target;
  Verdict verdict = no_target;
};

/// Our store and `rivals`, and how many times as much each rival takes.
[[nodiscard]] std::string compare(const Results& results, const std::vector<Row>& rows,
                                  const std::vector<std::string_view>& rivals);

[[nodiscard]] std::string text(std::optional<bool> met);
[[nodiscard]] std::string text(std::optional<double> value, std::string (*format)(double));
/// "8.2k x", or "-" if one of them is missing.
[[nodiscard]] std::string ratio(std::optional<double> dividend, std::optional<double> divisor);

}  // namespace purgatory::benchmarks

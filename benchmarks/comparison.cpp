#include "benchmarks/comparison.hpp"

#include <utility>

#include "benchmarks/purgatory_store.hpp"

namespace purgatory::benchmarks {

Verdict at_most(double value) {
  return [value](const Figures& figures) -> std::optional<bool> {
    const auto ours = figures.of(PurgatoryStore::kName);
    if (!ours) return {};
    return *ours <= value;
  };
}

Verdict times_the(std::string_view rival, double factor) {
  return [rival, factor](const Figures& figures) -> std::optional<bool> {
    const auto ours = figures.of(PurgatoryStore::kName);
    const auto theirs = figures.of(rival);
    if (!ours || !theirs) return {};
    return *theirs / *ours >= factor;
  };
}

Verdict both(Verdict first, Verdict second) {
  return [first = std::move(first),
          second = std::move(second)](const Figures& figures) -> std::optional<bool> {
    const auto one = first(figures);
    const auto other = second(figures);
    if (!one || !other) return {};
    return *one && *other;
  };
}

std::optional<bool> no_target(const Figures& /*figures*/) { return {}; }

std::string compare(const Results& results, const std::vector<Row>& rows,
                    const std::vector<std::string_view>& rivals) {
  std::vector<std::string> header{"", std::string(PurgatoryStore::kName)};
  header.insert(header.end(), rivals.begin(), rivals.end());
  for (const std::string_view rival : rivals) header.push_back("x " + std::string(rival));
  header.insert(header.end(), {"target", "met"});
  Table table(std::move(header));
  for (const Row& row : rows) {
    const Figures figures(results, row.operation);
    const auto ours = figures.of(PurgatoryStore::kName);
    std::vector<std::string> cells{row.title, text(ours, row.format)};
    for (const std::string_view rival : rivals) {
      cells.push_back(text(figures.of(rival), row.format));
    }
    for (const std::string_view rival : rivals) cells.push_back(ratio(figures.of(rival), ours));
    cells.insert(cells.end(), {row.target, text(row.verdict(figures))});
    table.add(std::move(cells));
  }
  return table.markdown();
}

std::string text(std::optional<bool> met) {
  if (!met) return "";
  return *met ? "yes" : "NO";
}

std::string text(std::optional<double> value, std::string (*format)(double)) {
  return value ? format(*value) : "-";
}

std::string ratio(std::optional<double> dividend, std::optional<double> divisor) {
  return dividend && divisor ? format_ratio(*dividend / *divisor) : "-";
}

}  // namespace purgatory::benchmarks

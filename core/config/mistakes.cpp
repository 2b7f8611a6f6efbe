#include "core/config/mistakes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "purgatory/error.hpp"

namespace purgatory::config {

bool is_within(std::string_view path, std::string_view parent) {
  if (!path.starts_with(parent)) return false;
  const std::string_view rest = path.substr(parent.size());
  return rest.empty() || rest.front() == '.' || rest.front() == '[';
}

void Mistakes::add(Place place, std::string_view path, std::string_view what) {
  lines_.push_back({place, std::string(path),
                    fmt::format("{}:{}:{}: {}{}{}", file_, place.line, place.column, path,
                                path.empty() ? "" : ": ", what)});
}

bool Mistakes::concern(std::string_view path) const {
  return std::ranges::any_of(lines_, [path](const Line& line) {
    return is_within(line.path, path) || is_within(path, line.path);
  });
}

std::vector<std::string> Mistakes::lines() {
  std::ranges::stable_sort(lines_, [](const Line& a, const Line& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::vector<std::string> texts;
  texts.reserve(lines_.size());
  for (const Line& line : lines_) texts.push_back(line.text);
  return texts;
}

void Mistakes::report() {
  constexpr std::size_t kMost = 50;
  std::vector<std::string> texts = lines();
  if (texts.size() > kMost) {
    const std::size_t more = texts.size() - kMost;
    texts.resize(kMost);
    texts.push_back(fmt::format("{}: and {} more", file_, more));
  }
  throw Error(ErrorCode::config, fmt::format("{}", fmt::join(texts, "\n")));
}

}  // namespace purgatory::config

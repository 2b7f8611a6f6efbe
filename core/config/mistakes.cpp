#include "core/config/mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "purgatory/error.hpp"

namespace purgatory::config {

void Mistakes::add(Place place, std::string_view path, std::string_view what) {
  lines_.push_back({place, fmt::format("{}:{}:{}: {}{}{}", file_, place.line, place.column, path,
                                       path.empty() ? "" : ": ", what)});
}

void Mistakes::report() {
  constexpr std::size_t kMost = 50;
  std::ranges::stable_sort(lines_, [](const Line& a, const Line& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::string message;
  for (std::size_t i = 0; i < lines_.size() && i < kMost; ++i) {
    message += (i == 0 ? "" : "\n") + lines_[i].text;
  }
  if (lines_.size() > kMost) {
    message += fmt::format("\n{}: and {} more", file_, lines_.size() - kMost);
  }
  throw Error(ErrorCode::config, message);
}

}  // namespace purgatory::config

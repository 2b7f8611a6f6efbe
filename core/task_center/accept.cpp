#include "core/task_center/accept.hpp"

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <string_view>

namespace purgatory::task_center {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Cuts off what stands in front of `separator` outside of quotes; the rest stays in `text`.
std::string_view cut(std::string_view& text, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < text.size() && (quoted || text[end] != separator); ++end) {
    if (text[end] == '"') quoted = !quoted;
    if (text[end] == '\\' && quoted && end + 1 < text.size()) ++end;
  }
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trim(part);
}

/// "q=0", "q=0.0": what the range names is not wanted.
bool forbids(std::string_view parameter) {
  return boost::algorithm::istarts_with(parameter, "q=0") &&
         parameter.substr(3).find_first_not_of(".0") == std::string_view::npos;
}

}  // namespace

bool accepts_json(std::span<const std::string_view> headers) {
  constexpr std::array<std::string_view, 3> kRanges{"application/json", "application/*", "*/*"};
  std::size_t closest = kRanges.size();  // the range that says most about application/json decides
  bool accepted = false;
  bool any = false;
  for (std::string_view header : headers) {
    while (!header.empty()) {
      std::string_view range = cut(header, ',');
      const std::string_view type = cut(range, ';');
      any = any || type.find('/') != std::string_view::npos;
      bool wanted = true;
      while (!range.empty()) wanted = !forbids(cut(range, ';')) && wanted;
      for (std::size_t i = 0; i <= closest && i < kRanges.size(); ++i) {
        if (!boost::algorithm::iequals(type, kRanges.at(i))) continue;
        accepted = wanted || (i == closest && accepted);
        closest = i;
      }
    }
  }
  return accepted || !any;
}

}  // namespace purgatory::task_center

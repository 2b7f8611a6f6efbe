#include "core/config/variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace purgatory::config {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
constexpr std::string_view kNameBytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

bool is_name(std::string_view name) {
  return !name.empty() && kLetters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(kNameBytes) == std::string_view::npos;
}

}  // namespace

std::variant<std::string, options::Mistake> fill_in_variables(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    result += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) return result;
    if (text.starts_with("$$")) {
      result += '$';
      text.remove_prefix(2);
      continue;
    }
    const std::size_t end = text.find('}');
    if (!text.starts_with("${") || end == std::string_view::npos) {
      return options::Mistake{"a '$' begins a variable, ${NAME}; write $$ for a dollar"};
    }
    const std::string_view inside = text.substr(2, end - 2);
    const std::size_t colon = inside.find(":-");
    const std::string name(inside.substr(0, colon));
    if (!is_name(name)) {
      return options::Mistake{
          "a variable is written ${NAME} or ${NAME:-default}; write $$ for a "
          "dollar"};
    }
    const std::string_view otherwise =
        colon == std::string_view::npos ? "" : inside.substr(colon + 2);
    if (otherwise.find('$') != std::string_view::npos) {
      return options::Mistake{"the default of a variable cannot have a '$' or a '}' in it"};
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a host that changes its environment must not do so now
    const char* const value = std::getenv(name.c_str());
    if (value != nullptr && (*value != '\0' || colon == std::string_view::npos)) {
      result += value;
    } else if (colon != std::string_view::npos) {
      result += otherwise;
    } else {
      return options::Mistake{fmt::format(
          "the environment variable {} is not set; set it, or write ${{{}:-default}}", name, name)};
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace purgatory::config

#include "core/options/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <system_error>
#include <vector>

#include "purgatory/error.hpp"

namespace purgatory::options {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Of each family the first that divides a value is the one it is printed in.
constexpr std::array kByteUnits{Unit{"TiB", std::int64_t{1} << 40},
                                Unit{"GiB", 1 << 30},
                                Unit{"MiB", 1 << 20},
                                Unit{"KiB", 1 << 10},
                                Unit{"TB", 1'000'000'000'000},
                                Unit{"GB", 1'000'000'000},
                                Unit{"MB", 1'000'000},
                                Unit{"kB", 1'000},
                                Unit{"B", 1}};
constexpr std::array kTimeUnits{Unit{"w", 604'800'000}, Unit{"d", 86'400'000}, Unit{"h", 3'600'000},
                                Unit{"m", 60'000},      Unit{"s", 1'000},      Unit{"ms", 1}};

constexpr std::array kPercent{Unit{"%", 1}};

std::span<const Unit> units_of(OptionType type) {
  if (type == OptionType::bytes) return kByteUnits;
  if (type == OptionType::duration) return kTimeUnits;
  if (type == OptionType::percent) return kPercent;
  return {};
}

/// "one of s, m, h", or the only one.
std::string names_of(std::span<const Unit> units) {
  std::string names;
  for (const Unit& unit : units) {
    names = fmt::format("{}{}{}", unit.name, names.empty() ? "" : ", ", names);
  }
  return units.size() == 1 ? names : "one of " + names;
}

std::vector<std::string_view> choices_of(const Option& option) {
  std::vector<std::string_view> choices;
  std::string_view rest = option.choices == nullptr ? "" : option.choices;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    choices.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return choices;
}

/// How a message shows a value. One of a secret it does not show.
std::string shown(const Option& option, std::string_view text) {
  return option.secret ? "the value" : quote(text);
}

/// Control bytes as YAML escapes them: a message stays on its line, a terminal takes no orders.
void append(std::string& text, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) {
    text += fmt::format("\\x{:02x}", byte);
  } else {
    text += c;
  }
}

std::string number_text(const Option& option, std::int64_t number) {
  for (const Unit& unit : units_of(option.type)) {
    if (number % unit.factor == 0 && (number != 0 || unit.factor == 1 || unit.name == "s")) {
      return fmt::format("{}{}", number / unit.factor, unit.name);
    }
  }
  return fmt::format("{}", number);
}

/// `text` is how the message shows the number, which may have come from a variable.
std::optional<Mistake> check_range(const Option& option, std::int64_t number,
                                   std::string_view text) {
  const bool unbounded = option.least == 0 && option.most == 0;
  const std::int64_t most = unbounded ? std::numeric_limits<std::int64_t>::max() : option.most;
  if (number >= option.least && number <= most) return std::nullopt;
  if (unbounded) return Mistake{fmt::format("{} is negative", text)};
  const std::string least = number_text(option, option.least);
  if (option.least == most) {
    return Mistake{fmt::format("{} is out of range: only {} is allowed", text, least)};
  }
  return Mistake{
      fmt::format("{} is out of range: {} to {}", text, least, number_text(option, most))};
}

/// The digits at the front of a text as a number, and what is behind them.
struct Number {
  std::optional<std::int64_t> value;  ///< None: there are no digits, or too many.
  std::string_view digits;
  std::string_view rest;
};
Number split(std::string_view text) {
  const bool sign = !text.empty() && (text.front() == '-' || text.front() == '+');
  const std::size_t end = std::min(text.find_first_not_of("0123456789", sign ? 1 : 0), text.size());
  Number number{.value = std::nullopt, .digits = text.substr(0, end), .rest = text.substr(end)};
  std::int64_t value = 0;
  const char* const first = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [behind, error] = std::from_chars(first, text.data() + end, value);
  if (error == std::errc{} && behind == text.data() + end) number.value = value;
  return number;
}

/// What a number of the option's type looks like.
std::string_view example_of(OptionType type) {
  if (type == OptionType::bytes) return "a size such as 256MiB";
  if (type == OptionType::duration) return "a duration such as 30s";
  if (type == OptionType::percent) return "a percentage such as 10%";
  return "a whole number such as 10";
}

bool is_unit(std::string_view text) {
  return text == "%" ||
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
             std::string_view::npos;
}

Reading read_number(const Option& option, const Scalar& scalar) {
  const std::string text = shown(option, scalar.written);
  const auto [value, digits, rest] = split(scalar.text);
  const std::string_view unsigned_digits = digits.substr(digits.find_first_of("0123456789"));
  if (unsigned_digits.size() > 1 && unsigned_digits.front() == '0') {
    return Mistake{
        fmt::format("{} has a leading zero, which other programs read as octal: leave "
                    "it out",
                    text)};
  }
  const std::span<const Unit> units = units_of(option.type);
  if (!is_unit(rest) || (units.empty() && !rest.empty())) {
    return Mistake{fmt::format("{} is not {}", text, example_of(option.type))};
  }
  if (!value) return Mistake{fmt::format("{} is too large a number", text)};
  std::int64_t factor = 1;
  if (!units.empty()) {
    const auto unit = std::ranges::find(units, rest, &Unit::name);
    if (unit == units.end()) {
      return Mistake{rest.empty()
                         ? fmt::format("{} has no unit: write {} behind it", text, names_of(units))
                         : fmt::format("{} has an unknown unit: write {}", text, names_of(units))};
    }
    factor = unit->factor;
  }
  std::int64_t number = 0;
  if (__builtin_mul_overflow(*value, factor, &number)) {
    return Mistake{fmt::format("{} is too large a number", text)};
  }
  if (auto mistake = check_range(option, number, text)) return *std::move(mistake);
  if (option.type == OptionType::duration) return Options::Value(milliseconds(number));
  return Options::Value(number);
}

std::optional<Mistake> check_choice(const Option& option, std::string_view value,
                                    std::string_view written) {
  const auto choices = choices_of(option);
  if (std::ranges::find(choices, value) != choices.end()) return std::nullopt;
  return Mistake{
      fmt::format("{} is not one of {}", shown(option, written), fmt::join(choices, ", "))};
}

}  // namespace

std::string quote(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::size_t end = std::min(text.size(), kMost);
  if (end < text.size()) {  // no character is cut in two
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  }
  std::string result = "'";
  for (const char c : text.substr(0, end)) append(result, c);
  return result + (end < text.size() ? "...'" : "'");
}

Reading read(const Option& option, const Scalar& scalar, const std::filesystem::path& directory) {
  if (scalar.text.empty()) return Mistake{"is empty: give it a value"};
  const std::string text = shown(option, scalar.written);
  switch (option.type) {
    case OptionType::boolean:
      if (scalar.quoted) return Mistake{fmt::format("{} is text in quotes: leave them out", text)};
      if (scalar.text == "true") return Options::Value(true);
      if (scalar.text == "false") return Options::Value(false);
      return Mistake{fmt::format("{} is not true or false", text)};
    case OptionType::integer:
    case OptionType::bytes:
    case OptionType::duration:
    case OptionType::percent:
      if (split(scalar.text).digits.find_first_of("0123456789") == std::string_view::npos) {
        return Mistake{fmt::format("{} is not {}", text, example_of(option.type))};
      }
      if (scalar.quoted && option.type == OptionType::integer) {
        return Mistake{fmt::format("{} is text in quotes: leave them out", text)};
      }
      return read_number(option, scalar);
    case OptionType::choice:
      if (auto mistake = check_choice(option, scalar.text, scalar.written)) {
        return *std::move(mistake);
      }
      return Options::Value(std::string(scalar.text));
    case OptionType::path:
      return Options::Value((directory / scalar.text).lexically_normal().string());
    case OptionType::text:
    case OptionType::list:
    case OptionType::paths: break;
  }
  return Options::Value(std::string(scalar.text));
}

std::variant<std::string, Mistake> read_item(const Option& option, const Scalar& scalar,
                                             const std::filesystem::path& directory) {
  if (scalar.text.empty()) return Mistake{"is empty: give it a value, or leave the item out"};
  if (option.type == OptionType::list) return std::string(scalar.text);
  return (directory / scalar.text).lexically_normal().string();
}

std::filesystem::path working_directory() {
  std::error_code gone;
  return std::filesystem::current_path(gone);
}

std::optional<Mistake> check(const Option& option, const Options::Value& value) {
  const auto wrong_type = [&] {
    return Mistake{fmt::format("was set as another type than {}", describe(option))};
  };
  switch (option.type) {
    case OptionType::boolean:
      return std::holds_alternative<bool>(value) ? std::nullopt : std::optional(wrong_type());
    case OptionType::integer:
    case OptionType::bytes:
    case OptionType::percent:
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return check_range(option, *number, number_text(option, *number));
      }
      return wrong_type();
    case OptionType::duration:
      if (const auto* duration = std::get_if<milliseconds>(&value)) {
        return check_range(option, duration->count(), number_text(option, duration->count()));
      }
      return wrong_type();
    case OptionType::list:
    case OptionType::paths:
      if (const auto* items = std::get_if<Options::List>(&value)) {
        const bool empty_item = std::ranges::any_of(*items, &std::string::empty);
        return empty_item ? std::optional(Mistake{"has an empty item"}) : std::nullopt;
      }
      return wrong_type();
    case OptionType::text:
    case OptionType::path:
    case OptionType::choice: break;
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return wrong_type();
  if (text->empty()) return Mistake{"is empty: give it a value"};
  return option.type == OptionType::choice ? check_choice(option, *text, *text) : std::nullopt;
}

std::optional<Options::Value> default_of(const Option& option,
                                         const std::filesystem::path& directory) {
  if (option.default_value == nullptr) {
    return is_list(option.type) ? std::optional(Options::Value(Options::List{})) : std::nullopt;
  }
  Reading reading =
      read(option, {.text = option.default_value, .written = option.default_value}, directory);
  if (auto* value = std::get_if<Options::Value>(&reading)) return std::move(*value);
  throw Error(ErrorCode::plugin, fmt::format("the default of option '{}' cannot be read: {}",
                                             option.key, std::get<Mistake>(reading).what));
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    append(result, c);
  }
  return result + '"';
}

std::string print(const Option& option, const Options::Value& value) {
  const auto quoted = [](std::string_view text) {
    std::string without_variables;
    for (const char c : text) without_variables.append(c == '$' ? 2 : 1, c);
    return in_quotes(without_variables);
  };
  if (option.secret) return "<redacted>";
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return number_text(option, *number);
  if (const auto* time = std::get_if<milliseconds>(&value)) {
    return number_text(option, time->count());
  }
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  std::string items;
  for (const std::string& item : std::get<Options::List>(value)) {
    items += (items.empty() ? "" : ", ") + quoted(item);
  }
  return "[" + items + "]";
}

std::string describe(const Option& option) {
  switch (option.type) {
    case OptionType::text: return option.secret ? "secret text" : "text";
    case OptionType::path: return "path";
    case OptionType::boolean: return "boolean";
    case OptionType::integer: return "integer";
    case OptionType::bytes: return "bytes";
    case OptionType::duration: return "duration";
    case OptionType::percent: return "percentage";
    case OptionType::choice: return fmt::format("one of {}", fmt::join(choices_of(option), ", "));
    case OptionType::list: return "list of texts";
    case OptionType::paths: return "list of paths";
  }
  return "text";
}

}  // namespace purgatory::options

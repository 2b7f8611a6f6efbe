#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "purgatory/options.hpp"

/// How one value of an option is read, checked and written.
namespace purgatory::options {

/// What is wrong with a value, to be put behind the option's path. Never a secret's value.
struct Mistake {
  std::string what;
};
using Reading = std::variant<Options::Value, Mistake>;

/// A scalar as a file has it.
struct Scalar {
  std::string_view text;
  bool quoted = false;
  /// What a message shows instead of the text: as it was written, before variables were filled in.
  std::string_view written{};
};

/// How a message shows a text: in quotes, on one line, of a long one the beginning.
[[nodiscard]] std::string quote(std::string_view text);

/// Reads a scalar as what `option` takes (not a list). A relative path begins at `directory`.
[[nodiscard]] Reading read(const Option& option, const Scalar& scalar,
                           const std::filesystem::path& directory);

/// Reads an item of a list.
[[nodiscard]] std::variant<std::string, Mistake> read_item(const Option& option,
                                                           const Scalar& scalar,
                                                           const std::filesystem::path& directory);

/// Where relative paths of a text or of code begin. Empty if it was removed: then they stay
/// relative, and who uses one says that it is not there.
[[nodiscard]] std::filesystem::path working_directory();

/// What is wrong with a value that was set in code; none: nothing.
[[nodiscard]] std::optional<Mistake> check(const Option& option, const Options::Value& value);

/// The value that an option has if nobody sets it, a relative path beginning at `directory`; none:
/// it has no default. Throws Error{plugin} if
/// the table's default is none that the option takes.
[[nodiscard]] std::optional<Options::Value> default_of(const Option& option,
                                                       const std::filesystem::path& directory = {});

/// A text as YAML, in quotes. In a value, unlike a key, a dollar would begin a variable.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// As YAML: what `read` takes back.
[[nodiscard]] std::string print(const Option& option, const Options::Value& value);

/// "bytes", and what else of the type a reader of the reference needs to know.
[[nodiscard]] std::string describe(const Option& option);

[[nodiscard]] constexpr bool is_list(OptionType type) noexcept {
  return type == OptionType::list || type == OptionType::paths;
}

}  // namespace purgatory::options

#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace purgatory {

/// What an option takes, and how a configuration file writes it.
enum class OptionType : std::uint32_t {
  text,      ///< Any text that is not empty.
  path,      ///< A file or directory; relative ones begin at the configuration file's directory.
  boolean,   ///< true or false, nothing else.
  integer,   ///< 10. No leading zero, no quotes.
  bytes,     ///< With its unit: B, KiB, MiB, GiB, TiB (powers of 1024), kB, MB, GB, TB (of 1000).
  duration,  ///< With its unit: ms, s, m, h, d, w.
  choice,    ///< One of the words that the option lists.
  list,      ///< A sequence of texts.
  paths,     ///< A sequence of paths.
  percent,   ///< 10%: a whole number.
};

/// What is said about one option, of a backend or of the library itself: the table that validates
/// a configuration and prints its reference. Pointers and numbers only, so that a plugin's table
/// can be read by a program of another build. A text that has nothing to say is null.
struct Option {
  const char* key = nullptr;  ///< [a-z][a-z0-9_]*, at most 32 bytes.
  OptionType type = OptionType::text;
  const char* default_value = nullptr;  ///< As a file would write it; null: there is none.
  bool required = false;                ///< Then there is no default.
  bool secret = false;     ///< A text that is never shown; `<key>_file` may name its file instead.
  std::int64_t least = 0;  ///< Of integer, bytes (in bytes), duration (in milliseconds), percent.
  std::int64_t most = 0;   ///< If least == most == 0, only the type bounds the value, from 0 on.
  const char* choices = nullptr;  ///< "full|normal"
  const char* help = nullptr;     ///< One sentence for the reference.
};

/// The options of a backend by key: read from YAML, or set by a host in code.
class Options {
 public:
  using Text = std::string;
  using List = std::vector<std::string>;
  /// integer, bytes and percent are std::int64_t; text, path and choice are Text; list and paths
  /// are List.
  using Value = std::variant<bool, std::int64_t, std::chrono::milliseconds, Text, List>;

  Options& set(std::string_view key, bool value) { return set_value(key, value); }
  Options& set(std::string_view key, std::chrono::milliseconds value) {
    return set_value(key, value);
  }
  Options& set(std::string_view key, std::string_view value) { return set_value(key, Text(value)); }
  Options& set(std::string_view key, const char* value) { return set_value(key, Text(value)); }
  Options& set(std::string_view key, List value) { return set_value(key, std::move(value)); }
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Options& set(std::string_view key, Number value) {
    return set_value(
        key, std::in_range<std::int64_t>(value) ? static_cast<std::int64_t>(value) : INT64_MAX);
  }
  Options& set_value(std::string_view key, Value value);

  [[nodiscard]] bool has(std::string_view key) const { return values_.contains(key); }

  // How a backend reads them. Options that came through the library are checked against the
  // backend's table and have its defaults; each throws Error{plugin} if there is no `key` of this
  // type.
  [[nodiscard]] bool boolean(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] std::uint64_t bytes(std::string_view key) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key) const;
  [[nodiscard]] const std::string& text(std::string_view key) const;
  [[nodiscard]] const List& list(std::string_view key) const;

  using Values = std::map<std::string, Value, std::less<>>;
  [[nodiscard]] const Values& values() const noexcept { return values_; }

  friend bool operator==(const Options&, const Options&) = default;

 private:
  template <typename Type>
  [[nodiscard]] const Type& get(std::string_view key) const;

  Values values_;
};

}  // namespace purgatory

#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options/value.hpp"
#include "purgatory/options.hpp"

/// A table of options: what a section of the configuration may say.
namespace purgatory::options {

using Table = std::span<const Option>;

[[nodiscard]] const Option* find(Table table, std::string_view key);

/// The key of the file that holds the secret, if `key` is `<secret>_file`; none otherwise.
[[nodiscard]] const Option* find_secret_of_file(Table table, std::string_view key);

/// False: a message must not show `key`, as somebody may have written a secret there
/// ("password:hunter2").
[[nodiscard]] bool looks_like_a_key(std::string_view key);

/// The known name that somebody may have meant; none is similar: null.
[[nodiscard]] const std::string* find_similar(std::string_view name,
                                              std::span<const std::string> known);

/// Why `key` cannot be read, and what may have been meant.
[[nodiscard]] std::string unknown_key(std::string_view key, std::span<const std::string> known);

/// All keys that may be written, those of secret files included.
[[nodiscard]] std::vector<std::string> keys_of(Table table);

/// Options that were set in code, with the defaults of the others. Throws Error{config} naming all
/// mistakes, each behind `where` and the key.
[[nodiscard]] Options complete(const Options& given, Table table, std::string_view where);

/// A line `key: value` for each option of the table that has a value, two spaces for each level of
/// `depth` before it.
[[nodiscard]] std::string print(Table table, const Options& values, std::size_t depth);

/// Adds the defaults of what is not set. Returns the keys of required options that are missing.
[[nodiscard]] std::vector<std::string_view> add_defaults(
    Options& options, Table table, const std::filesystem::path& directory = {});

}  // namespace purgatory::options

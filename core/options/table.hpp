#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/options/value.hpp"
#include "purgatory/options.hpp"

/// A table of options: what a section of the configuration may say.
namespace purgatory::options {

using Table = std::span<const Option>;

[[nodiscard]] const Option* find(Table table, std::string_view key);

/// The key of the file that holds the secret, if `key` is `<secret>_file`; none otherwise.
[[nodiscard]] const Option* find_secret_of_file(Table table, std::string_view key);

/// ": did you mean 'x'?" or what there is instead. Shows `key` only if it looks like a key:
/// somebody may have written a secret there.
[[nodiscard]] std::string unknown_key(std::string_view key, std::span<const std::string> known);

/// All keys that may be written, those of secret files included.
[[nodiscard]] std::vector<std::string> keys_of(Table table);

/// Options that were set in code, with the defaults of the others. Throws Error{config} naming all
/// mistakes, each behind `where` and the key.
[[nodiscard]] Options complete(const Options& given, Table table, std::string_view where);

/// Adds the defaults of what is not set. Returns the keys of required options that are missing.
[[nodiscard]] std::vector<std::string_view> add_defaults(Options& options, Table table);

}  // namespace purgatory::options

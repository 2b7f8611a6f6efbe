#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/tokens/token.hpp"
#include "purgatory/task_center.hpp"

namespace purgatory::tokens {

/// A line of the file: whom a token stands for.
struct Entry {
  Hash hash{};
  task_center::Identity identity{};
  std::optional<Time> expires{};
};

/// Sets what one field of a line says: sha256, project (adds one), role, expires or name. Returns
/// what is wrong with the value, to be put behind the field; none: nothing.
[[nodiscard]] std::optional<std::string> set(Entry& entry, std::string_view field,
                                             std::string_view value);

/// The name of a token that was given none: "token:" and the hash's begin.
[[nodiscard]] std::string default_name(const Hash& hash);

/// The line, as `parse` reads it, with its newline.
[[nodiscard]] std::string print(const Entry& entry);

/// Reads the lines of a file; messages call it `file`. Throws Error{config} with one line
/// `file:line:column: field: what` for each mistake, and never shows what may be a token.
[[nodiscard]] std::vector<Entry> parse(std::string_view text, std::string_view file);

}  // namespace purgatory::tokens

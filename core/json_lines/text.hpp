#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What a JSON text cannot hold, and how it is held instead.
namespace purgatory::json_lines {

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// A JSON string: the text, which has to be UTF-8, between quotes.
void append_json(std::string& out, std::string_view text);

/// RFC 4648, section 4, with padding.
void append_base64(std::string& out, std::string_view bytes);
/// Absent: it is none, to the last bit.
[[nodiscard]] std::optional<std::string> read_base64(std::string_view text);

}  // namespace purgatory::json_lines

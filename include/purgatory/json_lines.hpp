#pragma once

#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

/// Failed jobs as text, one JSON object a line: the form of imports and exports. docs/json-lines.md
/// has its fields.
namespace purgatory::json_lines {

/// Reads one line, with or without its newline. Throws Error{invalid_argument} naming the field, or
/// the byte of the line, and what is wrong there: no line that is not understood whole is taken.
/// Limits are not checked (`check_limits`).
[[nodiscard]] FailedJob parse(std::string_view line);

/// Appends a job as a line, newline included. `parse` gives back an equal one if failed_at is
/// within 1970..9999: a text that is not UTF-8 is written as `<field>_base64`.
void append(std::string& out, const FailedJob& job);

}  // namespace purgatory::json_lines

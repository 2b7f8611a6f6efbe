#pragma once

#include <span>
#include <string_view>

namespace purgatory::task_center {

/// Whether the Accept headers of a request let application/json pass (RFC 9110, section 12.5.1).
/// Without one, or if they are empty, everything does; what is no media range is ignored.
[[nodiscard]] bool accepts_json(std::span<const std::string_view> headers);

}  // namespace purgatory::task_center

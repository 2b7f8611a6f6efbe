#pragma once

#include <cstddef>
#include <string_view>

namespace purgatory::task_center {

inline constexpr std::size_t kMaxIdBytes = 64;

/// Whether the API takes it for an id: [A-Za-z0-9._-]{1,64}, and no step of a path.
[[nodiscard]] constexpr bool is_id(std::string_view text) noexcept {
  constexpr std::string_view kBytes =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= kMaxIdBytes && text != "." && text != ".." &&
         text.find_first_not_of(kBytes) == std::string_view::npos;
}

}  // namespace purgatory::task_center

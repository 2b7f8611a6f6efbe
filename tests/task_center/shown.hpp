#pragma once

#include <string>
#include <string_view>

namespace purgatory::task_center_test {

/// "409 PURGATORY.0409: the message" of an error, "204" of another answer without a body.
[[nodiscard]] std::string shown(unsigned status, std::string_view body);

}  // namespace purgatory::task_center_test

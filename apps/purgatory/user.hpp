#pragma once

#include <string>

namespace purgatory::cli {

/// Who runs this, as the journal names people.
[[nodiscard]] std::string user_name();

}  // namespace purgatory::cli

#pragma once

#include <stdexcept>

namespace purgatory::archive {

/// What is wrong with a file of an archive, in one line: "has 3 jobs, its sidecar says 4".
struct Damage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace purgatory::archive

#pragma once

#include <string>
#include <vector>

#include "tests/crash/facts.hpp"

namespace purgatory::crash {

/// Everything that a store shows, by the driver that it belongs to.
struct Observation {
  std::vector<Facts> facts;
  std::vector<std::string> faults;  ///< Where the store contradicts itself, and what `check` finds.
};

/// Reads the whole store; throws the Error of a call that fails.
Observation observe(FailedJobRepository& repository, const Call& call, std::size_t drivers);

}  // namespace purgatory::crash

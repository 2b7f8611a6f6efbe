#pragma once

#include <cstdio>
#include <cstdlib>

namespace purgatory::fuzz {

/// Ends the program, which is how a fuzz target fails, unless what is said holds.
inline void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace purgatory::fuzz

#pragma once

#include <cstdint>

namespace purgatory::benchmarks {

struct Options {
  std::uint64_t jobs = 1'000'000;  ///< --jobs N
  bool large = false;              ///< --large: detach also among 10 million jobs (5 GB of memory).
  bool quick = false;              ///< --quick: does it run at all? The figures mean nothing.
};

/// Takes the options above out of the command line; leaves the others. Throws
/// std::invalid_argument.
Options take_options(int& count, char** arguments);

/// The whole of `main`: what `program` returns, or 2 once it has thrown and the reason is printed.
int run_program(int (*program)(int count, char** arguments), int count, char** arguments);

}  // namespace purgatory::benchmarks

#include "benchmarks/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace purgatory::benchmarks {
namespace {

constexpr std::uint64_t kQuickJobs = 20'000;

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < kQuickJobs) {
    throw std::invalid_argument("--jobs: '" + std::string(text) + "' is not a number from " +
                                std::to_string(kQuickJobs) + " on");
  }
  return value;
}

}  // namespace

Options take_options(int& count, char** arguments) {
  Options options;
  int kept = std::min(count, 1);
  for (int next = kept; next < count; ++next) {
    const std::string_view argument = arguments[next];
    if (argument == "--large") {
      options.large = true;
    } else if (argument == "--quick") {
      options.quick = true;
      options.jobs = kQuickJobs;
    } else if (argument == "--jobs") {
      if (++next == count) throw std::invalid_argument("--jobs: give a number");
      options.jobs = number(arguments[next]);
    } else {
      arguments[kept++] = arguments[next];
    }
  }
  count = kept;
  return options;
}

int run_program(int (*program)(int count, char** arguments), int count, char** arguments) {
  try {
    return program(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}

}  // namespace purgatory::benchmarks

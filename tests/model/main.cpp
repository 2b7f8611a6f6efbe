// Random sequences of operations on a backend and on the reference, compared after every step.

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <random>

#include "backends.hpp"
#include "comparison.hpp"
#include "generators.hpp"

namespace {

using namespace purgatory;

struct Arguments {
  std::string backend = "memory";
  std::uint64_t sequences = 2000;
  std::uint64_t seed = std::random_device()();
};

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_options(int count, char** arguments, Arguments& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const std::string_view value = arguments[i + 1];
    if (name == "--backend") {
      options.backend = value;
    } else if (name == "--sequences") {
      if (!read_number(value, options.sequences)) return false;
    } else if (name == "--seed") {
      if (!read_number(value, options.seed)) return false;
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

struct Tally {
  std::uint64_t passed = 0;
  std::uint64_t operations = 0;
};

void run(const Arguments& options, const Host& host, const model::Sequence& sequence,
         Tally& tally) {
  const auto repository = model::open_backend(options.backend, host);
  model::Comparison comparison(*repository);
  std::size_t step = 0;
  try {
    for (const model::Operation& operation : sequence.operations) {
      ++step;
      comparison.step(operation);
    }
    comparison.finish();
  } catch (const std::exception& error) {
    RC_FAIL("after step " + std::to_string(step) + ": " + error.what());
  }
  tally.operations += step;
  ++tally.passed;
}

}  // namespace

int main(int count, char** arguments) {
  Arguments options;
  const Host host;
  if (!read_options(count, arguments, options)) {
    std::cerr << "usage: purgatory_model [--backend memory] [--sequences N] [--seed N]\n";
    return 2;
  }
  const std::string parameters =
      "max_success=" + std::to_string(options.sequences) + " seed=" + std::to_string(options.seed);
  ::setenv("RC_PARAMS", parameters.c_str(), 1);
  Tally tally;
  bool failed = false;
  const bool agreed = rc::check("model/" + options.backend, [&] {
    const model::Sequence sequence = *model::sequences();
    // Counted until the first failure; what follows is shrinking.
    Tally shrinking;
    try {
      run(options, host, sequence, failed ? shrinking : tally);
    } catch (...) {
      failed = true;
      throw;
    }
  });
  std::cout << tally.passed << " sequences, " << tally.operations << " operations, seed "
            << options.seed << "\n"
            << tally.passed << " passed, " << (agreed ? 0 : 1) << " failed\n";
  return agreed ? 0 : 1;
}

// Crashes a store again and again and proves that it kept its word, or runs one for a while and
// proves that it does not grow. docs/testing.md says how to run it.

#include <charconv>
#include <iostream>
#include <random>

#include "tests/crash/cycles.hpp"
#include "tests/crash/soak.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace {

using namespace purgatory::crash;

constexpr std::size_t kShownLines = 20;

struct Arguments {
  std::uint64_t cycles = 0;
  std::uint64_t power_cuts = 0;
  std::uint64_t soak = 0;
  std::uint64_t seed = std::random_device()();
  std::string directory;
  std::string durability = "full";  ///< `normal` must lose the last jobs, and nothing else.
  std::string preload;  ///< A library for the worker: one that does not sync must lose jobs.
  bool expect_loss = false;
};

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_option(std::string_view name, std::string_view value, Arguments& arguments) {
  if (name == "--cycles") return read_number(value, arguments.cycles);
  if (name == "--power-cuts") return read_number(value, arguments.power_cuts);
  if (name == "--soak") return read_number(value, arguments.soak);
  if (name == "--seed") return read_number(value, arguments.seed);
  if (name == "--directory") return arguments.directory = value, true;
  if (name == "--durability") {
    arguments.durability = value;
    arguments.expect_loss = value == "normal";
    return value == "full" || value == "normal";
  }
  if (name == "--expect-loss") {
    arguments.preload = value;
    return arguments.expect_loss = true;
  }
  return false;
}

bool read_arguments(std::span<char* const> given, Arguments& arguments) {
  for (std::size_t i = 1; i + 1 < given.size(); i += 2) {
    if (!read_option(given[i], given[i + 1], arguments)) return false;
  }
  const int programmes = (arguments.cycles > 0) + (arguments.power_cuts > 0) + (arguments.soak > 0);
  return given.size() % 2 == 1 && programmes == 1;
}

int report(const Totals& totals, const Arguments& arguments) {
  const Difference& difference = totals.difference;
  for (std::size_t i = 0; i < std::min(kShownLines, difference.lines.size()); ++i) {
    std::cout << difference.lines[i] << '\n';
  }
  std::cout << totals.cycles << (arguments.power_cuts > 0 ? " power cuts" : " cycles") << ", seed "
            << arguments.seed << ": " << totals.acked << " calls acked, " << totals.in_flight
            << " in flight at the " << (arguments.power_cuts > 0 ? "cut" : "kill") << ", "
            << difference.lost << " lost, " << difference.resurrected << " resurrected, "
            << difference.torn << " torn, " << totals.broken << " broken, " << totals.wrong
            << " wrong answers\n";
  if (!arguments.expect_loss) return totals.good() ? 0 : 1;
  const bool whole = arguments.durability == "full" || totals.broken == 0;
  // A purge that is lost shows as resurrected, a lost change of what the call in flight changes as
  // torn: whatever differs was lost.
  return !difference.none() && whole ? 0 : 1;
}

int run(const Arguments& arguments, const std::filesystem::path& directory) {
  if (arguments.soak > 0) return soak(directory, std::chrono::seconds(arguments.soak));
  if (arguments.cycles > 0) {
    return report(Cycles({directory, arguments.durability}, arguments.seed, nullptr, {})
                      .run(arguments.cycles),
                  arguments);
  }
  if (const std::string why = why_no_disk(); !why.empty()) {
    std::cout << "not run: " << why << '\n';
    return 0;
  }
  const Disk disk(directory);
  std::vector<std::string> environment;
  if (!arguments.preload.empty()) environment.push_back("LD_PRELOAD=" + arguments.preload);
  return report(Cycles({disk.path(), arguments.durability}, arguments.seed, &disk, environment)
                    .run(arguments.power_cuts),
                arguments);
}

}  // namespace

int main(int count, char** given) {
  Arguments arguments;
  if (!read_arguments({given, static_cast<std::size_t>(count)}, arguments)) {
    std::cerr << "usage: purgatory_crash --cycles N | --power-cuts N [--expect-loss LIBRARY] |"
                 " --soak SECONDS\n       [--durability full|normal] [--seed N] [--directory D]\n";
    return 2;
  }
  try {
    if (!arguments.directory.empty()) return run(arguments, arguments.directory);
    const purgatory::processes::TemporaryDirectory directory;
    return run(arguments, directory.path());
  } catch (const std::exception& error) {
    std::cerr << "purgatory_crash: " << error.what() << '\n';
    return 1;
  }
}

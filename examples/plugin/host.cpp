// Opens the store that a configuration file names, and records a failed job in it.

#include <iostream>

#include "purgatory/purgatory.hpp"

int main(int /*count*/, char** arguments) {
  using namespace purgatory;
  try {
    const Host host;
    const auto jobs = open(Config::load(arguments[1]), host);
    FailedJob failed;
    failed.project = "shop";
    failed.job_id = "capture-4711";
    failed.failed_at = host.clock();
    const Stamp kept_for_ever;
    const Recording recording{&failed, &kept_for_ever};
    jobs->record(begin_call(host), "shop", {&recording, 1}, {}, {});
    for (const Figure& figure : jobs->stats(begin_call(host))) {
      if (figure.name == "jobs" || figure.name == "memory_max_bytes") {
        std::cout << figure.name << ' ' << static_cast<long>(figure.value) << '\n';
      }
    }
    return 0;
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

// purgatory_archive_worker STORE DIRECTORY: archives what waits in a store and frees it, as
// kill_test.cpp wants it.

#include <iostream>
#include <string>

#include "core/archive/archiver.hpp"
#include "purgatory/config.hpp"
#include "tests/archive/kill.hpp"

namespace {

using namespace purgatory;

/// All that may be killed.
void archive_and_free(const Store& store, const std::string& directory) {
  archive::Archiver archiver(store, archive_test::archives_in(directory),
                             archive_test::kSmallRanges);
  while (archiver.step(archive_test::kKilledProject).more) continue;
  const Budget budget{.jobs = 2, .bytes = kMaxBytesPerCall, .time = std::chrono::seconds(1)};
  while (store.repository.reclaim(store.begin_call(), archive_test::kKilledProject, budget).more) {
    continue;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 64;
  try {
    Host host;
    host.clock = [] { return archive_test::kWorkerTime; };
    const auto repository = open(archive_test::config_of(arguments[1]), host);
    const Store store{*repository, host, [&] { return begin_call(host, std::chrono::minutes(1)); }};
    archive_and_free(store, arguments[2]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}

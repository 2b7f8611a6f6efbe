#include "tests/processes/stores.hpp"

#include "purgatory/config.hpp"
#include "tests/processes/remote_repository.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace purgatory::processes {
namespace {

constexpr std::size_t kProcesses = 4;

/// A directory and the store in it, which is closed first.
struct Housed {
  TemporaryDirectory directory;
  std::unique_ptr<FailedJobRepository> repository;
};

std::shared_ptr<FailedJobRepository> shared(const std::shared_ptr<Housed>& housed) {
  return {housed, housed->repository.get()};
}

std::string path_in(const TemporaryDirectory& directory) { return directory.path() / "jobs"; }

}  // namespace

WorkerOptions file_worker(const std::string& path, const std::string& durability) {
  return {.backend = "file", .options = {"path=" + path, "durability=" + durability}};
}

std::shared_ptr<FailedJobRepository> open_file(const Host& host) {
  auto housed = std::make_shared<Housed>();
  Config config;
  config.repository.backend = "file";
  config.repository.options.set("path", path_in(housed->directory)).set("durability", "normal");
  housed->repository = open(config, host);
  return shared(housed);
}

std::shared_ptr<FailedJobRepository> open_file_processes(const Host&) {
  auto housed = std::make_shared<Housed>();
  housed->repository = std::make_unique<RemoteRepository>(
      file_worker(path_in(housed->directory), "normal"), kProcesses);
  return shared(housed);
}

std::shared_ptr<FailedJobRepository> open_memory_process(const Host&) {
  return std::make_shared<RemoteRepository>(WorkerOptions{.backend = "memory"}, 1);
}

}  // namespace purgatory::processes

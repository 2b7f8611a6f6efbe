#include "benchmarks/file_store.hpp"

#include <filesystem>

#include "purgatory/config.hpp"

namespace purgatory::benchmarks {
namespace {

Config file_in(const std::filesystem::path& directory) {
  Config config;
  config.repository.backend = "file";
  config.repository.options.set("path", (directory / "purgatory.db").string());
  config.repository.options.set("durability", "full");
  return config;
}

}  // namespace

FileStore::FileStore() : PurgatoryStore(file_in(path())) {}

std::uint64_t FileStore::close_and_weigh() {
  close();
  return bytes();
}

}  // namespace purgatory::benchmarks

#include "tests/contract/backends.hpp"

#include <algorithm>
#include <array>

#include "purgatory/config.hpp"
#include "tests/processes/stores.hpp"

namespace purgatory::contract {
namespace {

const Backend*& selection() {
  static const Backend* selected = &backends().front();
  return selected;
}

std::unique_ptr<FailedJobRepository> open_memory(const Host& host) {
  Config config;
  config.repository.backend = "memory";
  return open(config, host);
}

}  // namespace

std::span<const Backend> backends() {
  static const std::array known{
      Backend{.name = "memory", .plugin = "memory", .open = open_memory},
      Backend{.name = "memory-process", .plugin = "memory", .open = processes::open_memory_process},
      Backend{.name = "file",
              .plugin = "file",
              .open = processes::open_file,
              .backup = true,
              .compact = true},
      Backend{.name = "file-processes",
              .plugin = "file",
              .open = processes::open_file_processes,
              .backup = true,
              .compact = true},
  };
  return known;
}

const Backend& selected_backend() { return *selection(); }

bool select_backend(std::string_view name) {
  const auto found = std::ranges::find(backends(), name, &Backend::name);
  if (found == backends().end()) return false;
  selection() = &*found;
  return true;
}

}  // namespace purgatory::contract

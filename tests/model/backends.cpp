#include "backends.hpp"

#include "purgatory/config.hpp"
#include "tests/processes/stores.hpp"

namespace purgatory::model {

std::shared_ptr<FailedJobRepository> open_backend(std::string_view name, const Host& host) {
  if (name == "file") return processes::open_file(host);
  if (name == "file-processes") return processes::open_file_processes(host);
  Config config;
  config.repository.backend = name;
  return open(config, host);
}

}  // namespace purgatory::model

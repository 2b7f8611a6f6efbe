#include "backends.hpp"

#include "purgatory/config.hpp"

namespace purgatory::model {

std::unique_ptr<FailedJobRepository> open_backend(std::string_view name, const Host& host) {
  Config config;
  config.repository.backend = name;
  return open(config, host);
}

}  // namespace purgatory::model

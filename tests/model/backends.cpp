#include "backends.hpp"

#include "plugins/memory/memory.hpp"

namespace purgatory::model {

std::unique_ptr<FailedJobRepository> open_backend(std::string_view name, const Host& host) {
  if (name == "memory") return memory::open({}, host);
  return nullptr;
}

}  // namespace purgatory::model

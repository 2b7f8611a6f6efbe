#include "apps/purgatory/environment.hpp"

#include <cstdlib>

namespace purgatory::cli {

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets one here
  return value == nullptr ? std::string() : value;
}

}  // namespace purgatory::cli

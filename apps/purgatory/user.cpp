#include "apps/purgatory/user.hpp"

#include <pwd.h>
#include <unistd.h>

namespace purgatory::cli {

std::string user_name() {
  const ::uid_t id = ::getuid();
  const passwd* entry = ::getpwuid(id);  // NOLINT(concurrency-mt-unsafe): there is one thread
  return entry == nullptr ? std::to_string(id) : entry->pw_name;
}

}  // namespace purgatory::cli

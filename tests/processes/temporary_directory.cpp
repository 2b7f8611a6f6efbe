#include "tests/processes/temporary_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace purgatory::processes {

TemporaryDirectory::TemporaryDirectory() {
  const char* const chosen = std::getenv("PURGATORY_TEST_DIRECTORY");
  const std::filesystem::path parent =
      chosen != nullptr ? chosen : std::filesystem::temp_directory_path();
  std::string name = parent / "purgatory-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), name);
  }
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;  // what is left over there is no test's failure
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace purgatory::processes

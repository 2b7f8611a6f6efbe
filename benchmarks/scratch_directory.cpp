#include "benchmarks/scratch_directory.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace purgatory::benchmarks {
namespace fs = std::filesystem;

namespace {

fs::path place() {
  const char* wanted = std::getenv("PURGATORY_BENCHMARK_DIRECTORY");
  return wanted != nullptr && *wanted != '\0' ? fs::path(wanted) : fs::temp_directory_path();
}

}  // namespace

ScratchDirectory::ScratchDirectory() {
  std::string name = place() / "purgatory-benchmark-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "make " + name);
  }
  path_ = std::move(name);
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::uint64_t ScratchDirectory::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

}  // namespace purgatory::benchmarks

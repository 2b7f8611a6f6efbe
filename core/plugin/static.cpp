// No dynamic loading: the library is linked into the program.

#include "core/plugin/library.hpp"
#include "core/plugin/refuse.hpp"

namespace purgatory::plugin {

std::optional<std::filesystem::path> core_directory() { return std::nullopt; }

std::vector<std::filesystem::path> own_directories() { return {}; }

const Descriptor& load_library(const std::filesystem::path& file) {
  refuse(
      "plugin {} cannot be loaded: this library is linked into the program, so a plugin would "
      "bring a second copy of it; build the backend in",
      file.string());
}

}  // namespace purgatory::plugin

#include "core/plugin/library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/plugin/refuse.hpp"

namespace purgatory::plugin {

namespace fs = std::filesystem;

namespace {

void keep_for_ever(boost::dll::shared_library library) {
  static std::mutex& mutex = *new std::mutex;
  static auto& libraries = *new std::vector<boost::dll::shared_library>;
  const std::scoped_lock lock(mutex);
  if (std::ranges::find(libraries, library) == libraries.end()) {
    libraries.push_back(std::move(library));
  }
}

}  // namespace

std::optional<fs::path> core_directory() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&core_directory), &info) == 0) return std::nullopt;
  std::error_code error;
  const fs::path library = fs::canonical(info.dli_fname, error);
  return error ? std::nullopt : std::optional(library.parent_path());
}

std::vector<fs::path> own_directories() {
  std::vector<fs::path> directories;
  if (const char* listed = ::secure_getenv("PURGATORY_PLUGIN_PATH")) {
    for (std::string_view rest = listed;;) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      directories.emplace_back(rest.substr(0, end));
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  }
  if (const auto core = core_directory()) directories.push_back(*core / PURGATORY_PLUGIN_SUBDIR);
  directories.emplace_back(PURGATORY_INSTALLED_PLUGINS);
  return directories;
}

const Descriptor& load_library(const fs::path& file) {
  boost::dll::shared_library library;
  std::error_code error;
  library.load(file, error, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  if (error) {
    // Boost's error does not say why. NOLINTNEXTLINE(concurrency-mt-unsafe): it is by thread
    const char* const why = ::dlerror();
    refuse("plugin {} cannot be loaded: {}", file.string(), why != nullptr ? why : "no reason");
  }
  const std::string symbol = "purgatory_plugin_v" + std::to_string(kAbi);
  if (!library.has(symbol)) {
    refuse("plugin {} was replaced while it was being loaded: it has no {} any more; try again",
           file.string(), symbol);
  }
  const auto& descriptor = library.get<const Descriptor>(symbol);
  keep_for_ever(std::move(library));
  return descriptor;
}

}  // namespace purgatory::plugin

#include "core/plugin/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/plugin/refuse.hpp"

namespace purgatory::plugin {
namespace {

namespace fs = std::filesystem;

struct stat stat_of(const fs::path& path) {
  struct stat result {};
  if (::stat(path.c_str(), &result) != 0) {
    refuse("plugin {} cannot be looked at: {}", path.string(),
           std::error_code(errno, std::generic_category()).message());
  }
  return result;
}

}  // namespace

Trust::Trust(std::optional<fs::path> core_directory) : core_directory_(std::move(core_directory)) {}

void Trust::check(const fs::path& file) const {
  std::vector<uid_t> owners{0, ::geteuid()};
  fs::path top;  // the directories from here up need no look
  if (core_directory_) {
    const auto [end, rest] =
        std::mismatch(core_directory_->begin(), core_directory_->end(), file.begin(), file.end());
    if (end == core_directory_->end()) {
      top = *core_directory_;
      owners.push_back(stat_of(top).st_uid);
    }
  }
  for (fs::path path = file; path != top; path = path.parent_path()) {
    const struct stat found = stat_of(path);
    const bool is_directory = S_ISDIR(found.st_mode);
    const std::string_view kind = is_directory ? "a directory above it" : "the file";
    constexpr std::string_view kWhy = "so its code could be anybody's";
    if (std::ranges::find(owners, found.st_uid) == owners.end()) {
      refuse(
          "plugin {} is refused: {}, {}, belongs to user {}, neither root nor the user of this "
          "process, {}; chown it, or set plugins.allow_insecure: true",
          file.string(), kind, path.string(), found.st_uid, kWhy);
    }
    // In a directory with the sticky bit, as /tmp, nobody can replace what another one owns.
    const bool sticky = is_directory && (found.st_mode & S_ISVTX) != 0;
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky) {
      refuse(
          "plugin {} is refused: {}, {}, can be written by {}, {}; chmod go-w it, or set "
          "plugins.allow_insecure: true",
          file.string(), kind, path.string(),
          (found.st_mode & S_IWOTH) != 0 ? "everybody" : "its group", kWhy);
    }
    if (path == path.parent_path()) break;
  }
}

fs::path locate_file(const fs::path& file) {
  if (file.empty()) refuse("the path of a plugin is empty; write it from the root on");
  if (!file.is_absolute()) {
    refuse("the path of plugin '{}' is relative; write it from the root on", file.string());
  }
  std::error_code error;
  fs::path canonical = fs::canonical(file, error);
  if (error) {
    std::error_code no_link;
    const fs::path target = fs::read_symlink(file, no_link);
    if (no_link) refuse("plugin {} cannot be found: {}", file.string(), error.message());
    refuse("plugin {} is a link to {}, which cannot be found: {}", file.string(), target.string(),
           error.message());
  }
  if (!fs::is_regular_file(canonical, error)) {
    refuse("plugin {} is not a regular file; put the plugin's own file there", file.string());
  }
  if (canonical.parent_path() != fs::canonical(file.parent_path(), error)) {
    refuse("plugin {} is a link to {}; list that directory in plugins.path instead", file.string(),
           canonical.string());
  }
  return canonical;
}

}  // namespace purgatory::plugin

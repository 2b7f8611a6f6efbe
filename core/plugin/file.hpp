#pragma once

#include <filesystem>
#include <optional>

namespace purgatory::plugin {

/// Whom this process trusts to have written a file: root, the user it runs as, and, for what stands
/// below the directory of the core library, whoever could have written that library as well.
class Trust {
 public:
  /// `core_directory`: where the core library is; none: it is not known.
  explicit Trust(std::optional<std::filesystem::path> core_directory);

  /// Throws Error{plugin} naming what another user of the machine could change: the file, or a
  /// directory that leads to it. `file` is canonical.
  void check(const std::filesystem::path& file) const;

 private:
  std::optional<std::filesystem::path> core_directory_;
};

/// The canonical path of a plugin's file. Throws Error{plugin} unless `file` is absolute, is there,
/// is a regular file and not a link to another directory.
[[nodiscard]] std::filesystem::path locate_file(const std::filesystem::path& file);

}  // namespace purgatory::plugin

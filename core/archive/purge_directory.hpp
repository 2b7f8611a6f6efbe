#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/archive/files.hpp"
#include "core/archive/sidecar.hpp"
#include "purgatory/config.hpp"
#include "purgatory/host.hpp"

namespace purgatory::archive {

/// What an archive has of one purge.
class PurgeDirectory {
 public:
  /// `host` must outlive it. Makes nothing.
  PurgeDirectory(const Config::Retention::Archive& archive, std::string_view project,
                 std::string_view purge_id, const Host& host);

  /// The greatest number of its segments; 0: there are none. Throws Error.
  [[nodiscard]] std::uint64_t last_number() const;
  /// The sidecar of a segment; absent: there is none that can be read.
  [[nodiscard]] std::optional<Sidecar> find(std::uint64_t number) const;

  /// Writes a segment, then its sidecar, with the file's name filled in. Throws Error.
  void write(Sidecar sidecar, std::string_view text) const;

  /// Removes what writers that died have left.
  void tidy() const { remove_temporary(path_); }

 private:
  [[nodiscard]] std::filesystem::path file(std::uint64_t number, std::string_view suffix) const;

  std::filesystem::path path_;
  Config::Retention::Archive::Compress compress_;
  Files files_;
};

}  // namespace purgatory::archive

#include "core/archive/purge_directory.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "core/archive/compression.hpp"
#include "core/archive/damage.hpp"
#include "core/archive/name.hpp"
#include "purgatory/error.hpp"

namespace purgatory::archive {
namespace {

using Compress = Config::Retention::Archive::Compress;

/// The number of the segment that this is the sidecar of; 0: of none.
std::uint64_t number_of(std::string_view name) {
  if (!name.ends_with(kSidecarSuffix)) return 0;
  name.remove_suffix(kSidecarSuffix.size());
  std::uint64_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return segment_name(number) == name ? number : 0;
}

}  // namespace

PurgeDirectory::PurgeDirectory(const Config::Retention::Archive& archive, std::string_view project,
                               std::string_view purge_id, const Host& host)
    : path_(std::filesystem::path(archive.directory) / directory_name(project) /
            directory_name(purge_id)),
      compress_(archive.compress),
      files_(archive.directory, host) {}

std::uint64_t PurgeDirectory::last_number() const {
  std::vector<std::filesystem::path> entries;
  try {
    entries = entries_of(path_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  std::uint64_t last = 0;
  for (const std::filesystem::path& entry : entries) {
    last = std::max(last, number_of(entry.filename().native()));
  }
  return last;
}

std::optional<Sidecar> PurgeDirectory::find(std::uint64_t number) const {
  try {
    const std::string json = read_file(file(number, kSidecarSuffix), kMostSidecarBytes);
    return parse_sidecar(json, segment_name(number));
  } catch (const Damage&) {
    return std::nullopt;
  }
}

void PurgeDirectory::write(Sidecar sidecar, std::string_view text) const {
  const bool zstd = compress_ == Compress::zstd;
  const std::filesystem::path segment = file(sidecar.number, zstd ? kZstdSuffix : kPlainSuffix);
  sidecar.file = segment.filename().native();
  files_.make_directory(path_.parent_path().parent_path());
  files_.make_directory(path_.parent_path());
  files_.make_directory(path_);
  if (zstd) {
    files_.write(segment, compress(text));
  } else {
    files_.write(segment, text);
  }
  files_.write(file(sidecar.number, kSidecarSuffix), to_json(sidecar));
}

std::filesystem::path PurgeDirectory::file(std::uint64_t number, std::string_view suffix) const {
  return path_ / segment_name(number).append(suffix);
}

}  // namespace purgatory::archive

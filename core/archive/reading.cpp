#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/archive/checksum.hpp"
#include "core/archive/compression.hpp"
#include "core/archive/damage.hpp"
#include "core/archive/files.hpp"
#include "core/archive/name.hpp"
#include "core/archive/sidecar.hpp"
#include "purgatory/archive.hpp"
#include "purgatory/error.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::archive {
namespace {

namespace fs = std::filesystem;

/// Whether it may be a directory of ours; also if that cannot be told.
bool is_ours(const fs::path& entry) {
  std::error_code error;
  const fs::file_type type = fs::status(entry, error).type();
  const bool is_directory = type == fs::file_type::directory || type == fs::file_type::none ||
                            type == fs::file_type::unknown;
  return is_directory && is_directory_name(entry.filename().native());
}

/// What lies in a directory; if that cannot be read, it is added to `damaged`.
std::vector<fs::path> read_entries(const fs::path& directory, std::vector<Segment>& damaged) {
  std::error_code error;
  std::vector<fs::path> entries = entries_of(directory, error);
  if (error) {
    Segment& segment = damaged.emplace_back();
    segment.file = directory;
    segment.damage = fmt::format("cannot be read: {}", error.message());
  }
  return entries;
}

bool is_sidecar(const fs::path& file) {
  const std::string name = file.filename();
  return name.ends_with(kSidecarSuffix) && !name.starts_with('.');
}

Sidecar read_sidecar(const fs::path& file) {
  std::string json;
  try {
    json = read_file(file, kMostSidecarBytes);
  } catch (const Damage& damage) {
    throw Damage(fmt::format("its sidecar {}", damage.what()));
  }
  return parse_sidecar(json, file.stem().native());
}

Segment segment_of(const fs::path& sidecar_file) {
  try {
    Sidecar sidecar = read_sidecar(sidecar_file);
    return {.file = sidecar_file.parent_path() / sidecar.file,
            .project = std::move(sidecar.project),
            .purge_id = std::move(sidecar.purge_id),
            .number = sidecar.number,
            .jobs = sidecar.jobs,
            .bytes = sidecar.bytes};
  } catch (const Damage& damage) {
    Segment segment;
    segment.file = sidecar_file;
    segment.damage = damage.what();
    return segment;
  }
}

/// "000001.json" for "000001.jsonl.zst".
fs::path sidecar_of(const fs::path& file) {
  const std::string name = file.filename();
  return file.parent_path() / name.substr(0, name.find('.')).append(kSidecarSuffix);
}

std::string read_text(const fs::path& file, const Sidecar& sidecar) {
  if (file.filename() != sidecar.file) {
    throw Damage(fmt::format("its sidecar is of '{}'", sidecar.file));
  }
  const bool plain = !sidecar.file.ends_with(kZstdSuffix);
  std::string bytes = read_file(file, plain ? kMostTextBytes : compressed_bound(sidecar.bytes));
  std::string text = plain ? std::move(bytes) : decompress(bytes, sidecar.bytes);
  if (text.size() != sidecar.bytes) {
    throw Damage(
        fmt::format("has {} bytes of text, its sidecar says {}", text.size(), sidecar.bytes));
  }
  if (const std::string found = checksum(text); found != sidecar.checksum) {
    throw Damage(fmt::format("has the checksum {}, its sidecar says {}", found, sidecar.checksum));
  }
  return text;
}

std::vector<FailedJob> parse_lines(std::string_view text) {
  std::vector<FailedJob> jobs;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    try {
      jobs.push_back(json_lines::parse(line));
    } catch (const Error& error) {
      throw Damage(fmt::format("line {}: {}", jobs.size() + 1, error.what()));
    }
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return jobs;
}

/// All of a segment. Throws Damage.
std::vector<FailedJob> read_jobs(const Segment& segment) {
  if (!segment.damage.empty()) throw Damage(segment.damage);
  const Sidecar sidecar = read_sidecar(sidecar_of(segment.file));
  std::vector<FailedJob> jobs = parse_lines(read_text(segment.file, sidecar));
  if (jobs.size() != sidecar.jobs) {
    throw Damage(fmt::format("has {} jobs, its sidecar says {}", jobs.size(), sidecar.jobs));
  }
  return jobs;
}

}  // namespace

std::vector<Segment> list(const fs::path& directory) {
  std::vector<Segment> segments;
  for (const fs::path& project : entries_of(directory)) {
    if (!is_ours(project)) continue;
    for (const fs::path& purge : read_entries(project, segments)) {
      if (!is_ours(purge)) continue;
      for (const fs::path& file : read_entries(purge, segments)) {
        if (is_sidecar(file)) segments.push_back(segment_of(file));
      }
    }
  }
  std::ranges::sort(segments, {}, [](const Segment& segment) {
    return std::tie(segment.project, segment.purge_id, segment.number, segment.file);
  });
  return segments;
}

std::string verify(const Segment& segment) {
  try {
    static_cast<void>(read_jobs(segment));
    return {};
  } catch (const Damage& damage) {
    return damage.what();
  }
}

void read(const Segment& segment, const std::function<void(const FailedJob&)>& visit) {
  std::vector<FailedJob> jobs;
  try {
    jobs = read_jobs(segment);
  } catch (const Damage& damage) {
    throw Error(ErrorCode::corrupt, fmt::format("{}: {}; restore it from a copy",
                                                segment.file.native(), damage.what()));
  }
  for (const FailedJob& job : jobs) visit(job);
}

}  // namespace purgatory::archive

#include "core/config/archives.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "core/config/schema.hpp"
#include "core/options/table.hpp"
#include "purgatory/error.hpp"

namespace purgatory::config {
namespace {

using Archive = Config::Retention::Archive;
using Compress = Archive::Compress;

constexpr std::size_t kMostArchives = 100;

/// What is wrong with an archive, or with all of them.
struct ArchiveMistake {
  std::optional<std::string> name;  ///< None: with all.
  std::string_view key;             ///< Of its option; empty: with the name.
  std::string what;
};

std::string path_to(const ArchiveMistake& mistake) {
  std::string path(kArchivesKey);
  if (mistake.name) path = path_of(path, *mistake.name);
  return mistake.key.empty() ? path : path_of(path, mistake.key);
}

Place place_of(const ArchiveMistake& mistake, const Node& section) {
  if (!mistake.name) return section.key_place;
  const Node& archive = *section.find(*mistake.name);
  return mistake.key.empty() ? archive.key_place : archive.find(mistake.key)->place;
}

/// A directory that another one begins with, as texts, is the same or above it: symbolic links are
/// followed, as far as they can be.
std::string normal(const std::string& directory) {
  const std::filesystem::path lexical = options::working_directory() / directory;
  std::error_code error;
  const auto canonical = std::filesystem::weakly_canonical(lexical, error);
  return ((error ? lexical : canonical) / "").lexically_normal().string();
}

/// Of two, one of which begins with the other.
std::string_view relation_of(std::string_view directory, std::string_view other) {
  if (directory == other) return "also";
  return directory.size() > other.size() ? "below" : "above";
}

/// What is wrong with names, and between one archive and another.
std::vector<ArchiveMistake> mistakes_of(const Archives& archives) {
  std::vector<ArchiveMistake> mistakes;
  if (archives.size() > kMostArchives) {
    mistakes.push_back(
        {{}, {}, fmt::format("{} are over the limit of {}", archives.size(), kMostArchives)});
    return mistakes;
  }
  struct Directory {
    std::string archive;
    std::string text;
  };
  std::vector<Directory> earlier;
  earlier.reserve(archives.size());
  for (const auto& [name, archive] : archives) {
    if (!retention::is_name(name)) {
      mistakes.push_back({name, {}, std::string(retention::kNoName)});
      continue;
    }
    if (archive.directory.empty()) continue;  // which was said already
    const std::string text = normal(archive.directory);
    const auto other = std::ranges::find_if(earlier, [&](const Directory& directory) {
      return text.starts_with(directory.text) || directory.text.starts_with(text);
    });
    if (other != earlier.end()) {
      mistakes.push_back({name, "directory",
                          fmt::format("is {} the directory of '{}': each archive needs its own",
                                      relation_of(text, other->text), other->archive)});
    }
    earlier.push_back({name, text});
  }
  return mistakes;
}

/// The end of a message whose front is the name that a rule gives.
std::string no_archive(std::string_view name, const std::vector<std::string>& known) {
  if (known.empty()) return fmt::format("is no archive: there are none in {}", kArchivesKey);
  if (const std::string* similar = options::find_similar(name, known)) {
    return fmt::format("is no archive; did you mean '{}'?", *similar);
  }
  return fmt::format("is no archive; there are: {}", fmt::join(known, ", "));
}

Options values_of(const Archive& archive) {
  return Options()
      .set("directory", archive.directory)
      .set("compress", archive.compress == Compress::none ? "none" : "zstd");
}

}  // namespace

Archives read_archives(const Node& section, SectionReader& sections, Mistakes& mistakes) {
  Archives archives;
  if (section.kind != Node::Kind::map) {
    mistakes.add(section.place, kArchivesKey, "takes archives, each a name with its options");
    return archives;
  }
  for (const Node& entry : section.items) {
    const Options values = sections.read(entry, path_of(kArchivesKey, entry.key), kArchiveTable);
    Archive& archive = archives[entry.key];
    if (values.has("directory")) archive.directory = values.text("directory");
    if (values.has("compress") && values.text("compress") == "none") {
      archive.compress = Compress::none;
    }
  }
  for (const ArchiveMistake& mistake : mistakes_of(archives)) {
    mistakes.add(place_of(mistake, section), path_to(mistake), mistake.what);
  }
  return archives;
}

void warn_of_unnamed(const Node& section, const Policy& policy, Mistakes& warnings) {
  for (const Node& entry : section.items) {
    if (std::ranges::find(policy.rules, entry.key, &Rule::archive) != policy.rules.end()) continue;
    warnings.add(entry.key_place, path_of(kArchivesKey, entry.key), "no rule names it");
  }
}

void check(const Archives& archives) {
  for (const auto& [name, archive] : archives) {
    (void)options::complete(values_of(archive), kArchiveTable, path_of(kArchivesKey, name));
  }
  const std::vector<ArchiveMistake> mistakes = mistakes_of(archives);
  if (mistakes.empty()) return;
  std::vector<std::string> lines;
  lines.reserve(mistakes.size());
  for (const ArchiveMistake& mistake : mistakes) {
    lines.push_back(fmt::format("{}: {}", path_to(mistake), mistake.what));
  }
  throw Error(ErrorCode::config, fmt::format("{}", fmt::join(lines, "\n")));
}

std::vector<retention::Remark> unknown_archives(const Policy& policy, const Archives& archives) {
  std::vector<std::string> known;
  known.reserve(archives.size());
  for (const auto& [name, archive] : archives) {
    if (retention::is_name(name)) known.push_back(name);
  }
  std::vector<retention::Remark> remarks;
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const std::string& name = policy.rules[i].archive;
    if (name.empty() || archives.contains(name)) continue;
    remarks.push_back({fmt::format("rules[{}].archive", i), no_archive(name, known), name});
  }
  return remarks;
}

void check_archives(const Policy& policy, const Archives& archives, std::string_view where) {
  retention::refuse(unknown_archives(policy, archives), where);
}

std::string to_yaml(const Archives& archives) {
  if (archives.empty()) return {};
  std::string text = "  archives:\n";
  for (const auto& [name, archive] : archives) {
    text += fmt::format("    {}:\n{}", options::in_quotes(name),
                        options::print(kArchiveTable, values_of(archive), 3));
  }
  return text;
}

}  // namespace purgatory::config

#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/document.hpp"
#include "core/options/table.hpp"

namespace purgatory::config {

/// Reads maps of a document by their tables.
class SectionReader {
 public:
  SectionReader(Mistakes& mistakes, std::filesystem::path directory)
      : mistakes_(mistakes), directory_(std::move(directory)) {}

  /// What `section` says about the options of its table, with the
  /// defaults of the others. `children` are keys that are sections themselves: the caller reads
  /// them.
  Options read(const Node& section, const std::string& path, options::Table table,
               std::span<const std::string> children = {});

  /// A text, or a list of texts: at least one. One may be empty if it is written so, in quotes. For
  /// one that cannot be read there is an empty one: each keeps its number.
  std::vector<std::string> read_texts(const Node& node, const std::string& path);

 private:
  void read_option(const Option& option, const Node& node, const std::string& path,
                   Options& values);
  void read_secret_file(const Option& option, const Node& node, const std::string& path,
                        Options& values);
  void read_list(const Option& option, const Node& list, const std::string& path, Options& values);
  /// The scalar with its variables filled in; none: a mistake was added.
  std::optional<std::string> text_of(const Node& node, const std::string& path);

  Mistakes& mistakes_;
  std::filesystem::path directory_;  ///< Where relative paths begin.
};

}  // namespace purgatory::config

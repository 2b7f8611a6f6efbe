// docs/metrics.md has what the library's sources tell a host, and nothing else.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace purgatory {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

std::string content_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// All that the pattern's group matches in a text.
Names find_all(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names names;
  for (std::sregex_iterator found(text.begin(), text.end(), regex), end; found != end; ++found) {
    names.insert((*found)[1]);
  }
  return names;
}

/// What the pattern's group matches in the sources of the library and its backends.
Names find_in_sources(const std::string& pattern) {
  Names names;
  for (const char* folder : {"core", "plugins"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(PURGATORY_SOURCE_DIRECTORY) / folder)) {
      const fs::path& path = entry.path();
      if (path.extension() == ".cpp" || path.extension() == ".hpp") {
        names.merge(find_all(content_of(path), pattern));
      }
    }
  }
  return names;
}

Names find_in_document(const std::string& pattern) {
  return find_all(content_of(fs::path(PURGATORY_SOURCE_DIRECTORY) / "docs/metrics.md"), pattern);
}

}  // namespace

TEST_CASE("each metric of the library is documented") {
  Names metrics = find_in_sources(R"re("(purgatory_[a-z_]+)")re");
  CHECK(metrics.erase("purgatory_plugin_v") == 1);  // a symbol of plugins
  CHECK(metrics.size() > 5);
  CHECK(find_in_document(R"(\| `(purgatory_[a-z_]+)[^|]*\| (?:counter|gauge|histogram) \|)") ==
        metrics);
}

TEST_CASE("each log event of the library is documented") {
  const Names events = find_in_sources(R"re(LogEvent::Level::\w+,\s*(?:\.event = )?"([a-z_]+)")re");
  CHECK(events.size() > 5);
  CHECK(find_in_document(R"(\| `([a-z_]+)` \| (?:debug|info|warning|error)\b)") == events);
}

}  // namespace purgatory

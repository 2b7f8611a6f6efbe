#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace purgatory::config {

/// Where in a file, from 1 on.
struct Place {
  int line = 1;
  int column = 1;
};

/// True if a path is `parent`, or of a key or an item below it.
[[nodiscard]] bool is_within(std::string_view path, std::string_view parent);

/// Collects what is wrong with a configuration, or may be, to report all of it at once.
class Mistakes {
 public:
  explicit Mistakes(std::string_view file) : file_(file) {}

  /// `path` is that of the key, "plugins.path[0]", or empty.
  void add(Place place, std::string_view path, std::string_view what);

  [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
  /// True if something is wrong with the key of this path, one above it or one below it.
  [[nodiscard]] bool concern(std::string_view path) const;

  /// A line `file:line:col: path: what` each, in the file's order.
  [[nodiscard]] std::vector<std::string> lines();

  /// Throws Error{config} with those lines; the first of very many.
  [[noreturn]] void report();

 private:
  struct Line {
    Place place;
    std::string path;
    std::string text;
  };

  std::string file_;
  std::vector<Line> lines_;
};

}  // namespace purgatory::config

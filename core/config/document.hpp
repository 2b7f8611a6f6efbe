#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/mistakes.hpp"

namespace purgatory::config {

struct Entry;

/// One value of a YAML document, and where it stands.
struct Node {
  enum class Kind { empty, scalar, list, map };

  Kind kind = Kind::empty;
  Place place;
  std::string text{};            ///< Of a scalar.
  bool quoted = false;           ///< A scalar in quotes is text, whatever it looks like.
  std::vector<Node> items{};     ///< Of a list.
  std::vector<Entry> entries{};  ///< Of a map, in the file's order, no key twice.

  [[nodiscard]] const Entry* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;  ///< The key's.
  Node value;
};

inline constexpr std::size_t kMaxFileBytes = 1 << 20;
inline constexpr std::size_t kMaxNodes = 10'000;
inline constexpr std::size_t kMaxDepth = 16;

/// "a.b", or "b" at the top.
[[nodiscard]] std::string path_of(std::string_view parent, std::string_view key);

/// Reads the one document of a text: a map. Refuses what makes a configuration mean something else
/// than it says: anchors, aliases, merge keys, tags, duplicate keys, several documents. None: it
/// cannot be read on (then there are mistakes).
[[nodiscard]] std::optional<Node> read_document(std::string_view text, Mistakes& mistakes);

}  // namespace purgatory::config

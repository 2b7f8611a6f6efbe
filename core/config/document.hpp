#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/mistakes.hpp"

namespace purgatory::config {

/// One value of a YAML document, and where it stands.
struct Node {
  enum class Kind { empty, scalar, list, map };

  Kind kind = Kind::empty;
  Place place;
  std::string text{};         ///< Of a scalar.
  bool quoted = false;        ///< A scalar in quotes is text, whatever it looks like.
  std::vector<Node> items{};  ///< Of a list or a map, in the file's order.
  std::string key{};          ///< In a map, where no key is twice.
  Place key_place{};

  /// The value that a map has for a key.
  [[nodiscard]] const Node* find(std::string_view key_text) const;
};

/// The value that a path such as "rules[0].match" leads to from `root` on; if it is not there, the
/// one that the last part of the path that is leads to.
[[nodiscard]] const Node& find_nearest(const Node& root, std::string_view path);

inline constexpr std::size_t kMaxFileBytes = 1 << 20;
inline constexpr std::size_t kMaxNodes = 10'000;
inline constexpr std::size_t kMaxDepth = 16;

/// "a.b", or "b" at the top; "a.?" if `key` must not be shown.
[[nodiscard]] std::string path_of(std::string_view parent, std::string_view key);

/// Reads the one document of a text: a map. Refuses what makes a configuration mean something else
/// than it says: anchors, aliases, merge keys, tags, duplicate keys, several documents. None: it
/// cannot be read on (then there are mistakes).
[[nodiscard]] std::optional<Node> read_document(std::string_view text, Mistakes& mistakes);

}  // namespace purgatory::config

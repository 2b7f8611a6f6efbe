#include "plugins/file/hash.hpp"

#define XXH_INLINE_ALL  // of the header alone: nothing to link
#include <xxhash.h>

namespace purgatory::file {

std::int64_t hash_of(std::string_view text) noexcept {
  constexpr unsigned kUnused = 16;  // SQLite stores 48 bits in six bytes, more in eight
  return static_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()) >> kUnused) -
         (std::int64_t{1} << 47U);
}

}  // namespace purgatory::file

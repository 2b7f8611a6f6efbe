#include "apps/tokens/token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>

#include "purgatory/error.hpp"

namespace purgatory::tokens {

Hash hash_of(std::string_view token) {
  Hash hash{};
  static_assert(sizeof(hash) == SHA256_DIGEST_LENGTH);
  ::SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), hash.data());
  return hash;
}

bool equal(const Hash& a, const Hash& b) noexcept {
  return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_token() {
  std::array<unsigned char, 32> bytes{};
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error(ErrorCode::unavailable, "the system gives no random bytes for a token: try again");
  }
  std::array<unsigned char, 45> base64{};  // 44 characters and a NUL
  ::EVP_EncodeBlock(base64.data(), bytes.data(), static_cast<int>(bytes.size()));
  std::string text(base64.begin(), base64.begin() + 43);  // the last one pads
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return std::string(kPrefix) + text;
}

}  // namespace purgatory::tokens

#include "tests/server/token.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace purgatory::server_test {
namespace {

using Hash = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Hash sha256(std::string_view text) {
  Hash hash{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  return hash;
}

/// 32 bytes as base64url without padding.
std::string base64url(const Hash& bytes) {
  constexpr std::size_t kPadded = 44;
  std::array<unsigned char, kPadded + 1> encoded{};
  ::EVP_EncodeBlock(encoded.data(), bytes.data(), static_cast<int>(bytes.size()));
  std::string text(encoded.begin(), encoded.begin() + kPadded - 1);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

}  // namespace

Token::Token(std::string_view rights)
    : secret_("purgatory_" + base64url(sha256(rights))),
      line_(fmt::format("sha256={:02x} {}\n", fmt::join(sha256(secret_), ""), rights)) {}

const Token& an_operator() {
  static const Token token("project=shop role=operator name=olga");
  return token;
}

const Token& a_reader() {
  static const Token token("project=shop role=reader name=rita");
  return token;
}

}  // namespace purgatory::server_test

#include "apps/tokens/token.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/rand.h>

#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/samples.hpp"

namespace purgatory::tokens_test {

TEST_CASE("the hash of a token is its SHA-256") {
  // FIPS 180-4, examples of NIST
  CHECK(fmt::format("{:02x}", fmt::join(tokens::hash_of("abc"), "")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(fmt::format("{:02x}", fmt::join(tokens::hash_of(""), "")) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("hashes are equal if each byte is") {
  const tokens::Hash hash = tokens::hash_of("abc");
  for (std::size_t i = 0; i < hash.size(); ++i) {
    tokens::Hash other = hash;
    CHECK(tokens::equal(hash, other));
    other.at(i) ^= 1U;
    CHECK_FALSE(tokens::equal(hash, other));
  }
}

TEST_CASE("a token is purgatory_ and 43 characters of base64url, each another") {
  std::set<std::string> tokens;
  std::set<char> characters;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = tokens::new_token();
    CHECK(token.starts_with("purgatory_"));
    CHECK(token.size() == 53);
    characters.insert(token.begin() + 10, token.end());
    tokens.insert(token);
  }
  CHECK(tokens.size() == 1000);
  CHECK(std::string(characters.begin(), characters.end()) ==
        "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("without randomness there is no token") {
  RAND_METHOD none{};
  none.bytes = [](unsigned char*, int) { return 0; };
  ::RAND_set_rand_method(&none);
  const std::string said = unit::error_of([] { (void)tokens::new_token(); });
  ::RAND_set_rand_method(nullptr);
  CHECK(said == "unavailable: the system gives no random bytes for a token: try again");
}

}  // namespace purgatory::tokens_test

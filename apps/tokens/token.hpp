#pragma once

#include <array>
#include <string>
#include <string_view>

/// Tokens that clients of purgatoryd show, and the file that keeps what they may do.
namespace purgatory::tokens {

/// The SHA-256 of a token, which is kept instead of it: a token is too random to be guessed from
/// it.
using Hash = std::array<unsigned char, 32>;

/// What each token begins with: it is known for one where it must not be.
inline constexpr std::string_view kPrefix = "purgatory_";

[[nodiscard]] Hash hash_of(std::string_view token);

/// In a time that does not depend on what they are.
[[nodiscard]] bool equal(const Hash& a, const Hash& b) noexcept;

/// 32 random bytes as text: the prefix and 43 characters of base64url (RFC 4648). Throws
/// Error{unavailable} if the system has no randomness.
[[nodiscard]] std::string new_token();

}  // namespace purgatory::tokens

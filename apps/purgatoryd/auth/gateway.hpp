#pragma once

#include <string_view>

#include "apps/purgatoryd/auth/authenticator.hpp"
#include "apps/tokens/token.hpp"

namespace purgatory::server {

/// Believes what a gateway says of senders, which it knows by the secret in X-Gateway-Secret:
/// X-User-Id, X-Project-Id and X-Roles.
class GatewayAuthenticator final : public Authenticator {
 public:
  explicit GatewayAuthenticator(std::string_view secret) : secret_(tokens::hash_of(secret)) {}

  [[nodiscard]] Sender authenticate(const Headers& headers) const override;

 private:
  tokens::Hash secret_;  ///< Of a secret: hashes are equally long, so comparing them tells nothing.
};

}  // namespace purgatory::server

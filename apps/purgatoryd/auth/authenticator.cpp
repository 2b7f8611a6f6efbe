#include "apps/purgatoryd/auth/authenticator.hpp"

#include <fmt/format.h>

#include "apps/purgatoryd/auth/gateway.hpp"
#include "apps/purgatoryd/auth/tokens.hpp"

namespace purgatory::server {
namespace {

/// Everybody may do everything.
class NoAuthenticator final : public Authenticator {
 public:
  [[nodiscard]] Sender authenticate(const Headers& /*headers*/) const override {
    return {.identity = task_center::Identity{
                .name = "anonymous", .every_project = true, .may_delete = true}};
  }
};

}  // namespace

std::unique_ptr<Authenticator> make_authenticator(const Config::Server::Auth& auth,
                                                  const Host& host) {
  switch (auth.mode) {
    case Config::Server::Auth::Mode::tokens:
      return std::make_unique<TokenAuthenticator>(auth.tokens_file, host);
    case Config::Server::Auth::Mode::gateway:
      return std::make_unique<GatewayAuthenticator>(auth.gateway_secret);
    case Config::Server::Auth::Mode::none: break;
  }
  return std::make_unique<NoAuthenticator>();
}

Sender refuse_repeated(std::string_view header) {
  return {.refusal = task_center::error_response(
              400, "SDRS.0201", fmt::format("{} is given more than once.", header))};
}

}  // namespace purgatory::server

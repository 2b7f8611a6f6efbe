#include "apps/purgatoryd/tls.hpp"

#include <fmt/format.h>

#include "purgatory/error.hpp"

namespace purgatory::server {
namespace {

namespace ssl = boost::asio::ssl;

/// Calls `use`, and says which file is wrong.
void use_file(std::string_view key, const std::string& file, const auto& use) {
  boost::system::error_code error;
  use(error);
  if (!error) return;
  throw Error(ErrorCode::config,
              fmt::format("{} '{}' cannot be used: {}", key, file, error.message()));
}

}  // namespace

std::optional<ssl::context> make_tls(const std::optional<Config::Server::Tls>& settings) {
  if (!settings) return std::nullopt;
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                      ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  use_file("server.tls.cert", settings->cert, [&](boost::system::error_code& error) {
    context.use_certificate_chain_file(settings->cert, error);
  });
  use_file("server.tls.key", settings->key, [&](boost::system::error_code& error) {
    context.use_private_key_file(settings->key, ssl::context::pem, error);
  });
  return context;
}

}  // namespace purgatory::server

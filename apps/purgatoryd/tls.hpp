#pragma once

#include <boost/asio/ssl/context.hpp>
#include <optional>

#include "purgatory/config.hpp"

namespace purgatory::server {

/// TLS 1.2 and 1.3 with a certificate (chain) and its key, both PEM. None if there is none to use.
/// Throws Error{config}.
[[nodiscard]] std::optional<boost::asio::ssl::context> make_tls(
    const std::optional<Config::Server::Tls>& settings);

}  // namespace purgatory::server

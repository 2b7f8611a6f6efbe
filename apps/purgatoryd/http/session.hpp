#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "apps/purgatoryd/http/connections.hpp"

namespace purgatory::server::http {

/// A connection that reads requests, one after the other, and writes their answers. It lives as
/// long as it has something to do. `tls` may be null. One that is not `welcome` is told to come
/// later.
[[nodiscard]] std::shared_ptr<Connection> make_session(boost::asio::ip::tcp::socket socket,
                                                       boost::asio::ssl::context* tls,
                                                       std::shared_ptr<Connections> connections,
                                                       bool welcome);

}  // namespace purgatory::server::http

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "apps/purgatoryd/http/service.hpp"

/// HTTP/1.1 on one port: connections, deadlines, limits. What the requests mean is not known here.
namespace purgatory::server::http {

struct PortSettings {
  std::size_t connections = 1024;              ///< More are told to come later.
  std::chrono::milliseconds header_timeout{};  ///< To the last byte of a request's head.
  std::chrono::milliseconds idle_timeout{};    ///< Between requests, and for a client to read.
  std::chrono::milliseconds queue_timeout{};   ///< How long a request may wait for a thread.
  std::function<void(std::string_view)> on_trouble{};  ///< Told why a connection was not accepted.
};

/// Accepts connections and has their requests answered. All calls come from the thread that runs
/// `context`, which must outlive it.
class Port {
 public:
  /// Listens. `address` is "127.0.0.1:8080" or "[::1]:8080", whose port may be 0: any. Throws
  /// Error{unavailable}.
  Port(boost::asio::io_context& context, const std::string& address, const PortSettings& settings,
       boost::asio::thread_pool& pool, Service& service, boost::asio::ssl::context* tls);
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port();

  /// "http://127.0.0.1:40213"
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::size_t connections() const;

  /// Accepts no more, answers what is under way, and calls back when no connection is left.
  void drain(std::function<void()> drained);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace purgatory::server::http

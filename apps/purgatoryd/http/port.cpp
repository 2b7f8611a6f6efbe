#include "apps/purgatoryd/http/port.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "apps/purgatoryd/http/connections.hpp"
#include "apps/purgatoryd/http/session.hpp"
#include "purgatory/error.hpp"

namespace purgatory::server::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

/// So many connections beyond the limit are told so at once; the next ones wait to be accepted.
constexpr std::size_t kRefusals = 64;
/// When to try again after a connection could not be accepted: for want of descriptors, say.
constexpr std::chrono::milliseconds kAcceptPause{200};

Tcp::endpoint endpoint_of(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {asio::ip::make_address(host),
          static_cast<asio::ip::port_type>(std::stoi(address.substr(colon + 1)))};
}

Tcp::acceptor listen(asio::io_context& context, const std::string& address) {
  try {
    return {context, endpoint_of(address)};
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorCode::unavailable,
                fmt::format("cannot listen on {}: {}", address, error.code().message()));
  }
}

}  // namespace

class Port::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::io_context& context, const std::string& address, const PortSettings& settings,
        asio::thread_pool& pool, Service& service, asio::ssl::context* tls)
      : acceptor_(listen(context, address)),
        pause_(context),
        tls_(tls),
        connections_(std::make_shared<Connections>(context, settings, pool, service)) {}

  void start() {
    connections_->when_one_ends([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->on_end();
    });
    accept();
  }

  void drain(std::function<void()> drained) {
    drained_ = std::move(drained);
    take_waiting();
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    connections_->drain();
    if (connections_->size() == 0) on_end();
  }

  [[nodiscard]] std::string url() const {
    return fmt::format("{}://{}", tls_ == nullptr ? "http" : "https",
                       fmt::streamed(acceptor_.local_endpoint()));
  }
  [[nodiscard]] std::size_t connections() const { return connections_->size(); }

 private:
  void accept() {
    accepting_ = connections_->size() < connections_->settings().connections + kRefusals;
    if (!accepting_) return;
    acceptor_.async_accept([self = shared_from_this()](error_code error, Tcp::socket socket) {
      if (!error) self->begin(std::move(socket));
      if (!self->acceptor_.is_open()) return self->connections_->drain();
      error ? self->accept_later(error) : self->accept();
    });
  }

  void begin(Tcp::socket socket) {
    const bool welcome = connections_->size() < connections_->settings().connections;
    make_session(std::move(socket), tls_, connections_, welcome)->start();
  }

  void accept_later(error_code error) {
    connections_->settings().on_trouble(
        fmt::format("cannot accept a connection: {}", error.message()));
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->accept();
    });
  }

  /// Connections that the system has accepted already: closing would reset them.
  void take_waiting() {
    error_code error;
    acceptor_.non_blocking(true, error);
    while (!error) {
      Tcp::socket socket = acceptor_.accept(error);
      if (!error) begin(std::move(socket));
    }
  }

  void on_end() {
    if (connections_->draining()) {
      if (connections_->size() == 0 && drained_) std::exchange(drained_, nullptr)();
    } else if (!accepting_) {
      accept();
    }
  }

  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::ssl::context* const tls_;
  const std::shared_ptr<Connections> connections_;
  bool accepting_ = false;
  std::function<void()> drained_;
};

Port::Port(asio::io_context& context, const std::string& address, const PortSettings& settings,
           asio::thread_pool& pool, Service& service, asio::ssl::context* tls)
    : state_(std::make_shared<State>(context, address, settings, pool, service, tls)) {
  state_->start();
}

Port::~Port() = default;

std::string Port::url() const { return state_->url(); }
std::size_t Port::connections() const { return state_->connections(); }
void Port::drain(std::function<void()> drained) { state_->drain(std::move(drained)); }

}  // namespace purgatory::server::http

#include "tests/server/client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "tests/server/description.hpp"

namespace purgatory::server_test {
namespace {

constexpr int kPatience = 30'000;  // milliseconds

/// An address of the socket interface.
struct Address {
  ::sockaddr_storage storage{};
  ::socklen_t size = 0;

  template <typename Specific>
  void set(const Specific& specific) {
    std::memcpy(&storage, &specific, sizeof specific);
    size = sizeof specific;
  }
};

Address unix_address(std::string_view path) {
  ::sockaddr_un specific{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof specific.sun_path) throw std::invalid_argument("too long a path");
  path.copy(static_cast<char*>(specific.sun_path), path.size());
  Address address;
  address.set(specific);
  return address;
}

Address address_of(std::string_view text) {
  if (text.starts_with("unix:")) return unix_address(text.substr(5));
  const std::string_view place = text.substr(text.find("//") + 2);
  const std::size_t colon = place.rfind(':');
  const auto port =
      htons(static_cast<std::uint16_t>(std::stoi(std::string(place.substr(colon + 1)))));
  Address address;
  if (place.starts_with('[')) {
    ::sockaddr_in6 specific{};
    specific.sin6_family = AF_INET6;
    specific.sin6_port = port;
    ::inet_pton(AF_INET6, std::string(place.substr(1, colon - 2)).c_str(), &specific.sin6_addr);
    address.set(specific);
  } else {
    ::sockaddr_in specific{};
    specific.sin_family = AF_INET;
    specific.sin_port = port;
    ::inet_pton(AF_INET, std::string(place.substr(0, colon)).c_str(), &specific.sin_addr);
    address.set(specific);
  }
  return address;
}

cli_run::File connected(std::string_view text) {
  const Address address = address_of(text);
  cli_run::File socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.number(), reinterpret_cast<const ::sockaddr*>(&address.storage),
                address.size) != 0) {
    throw std::system_error(errno, std::generic_category(), "connect to " + std::string(text));
  }
  // Each write leaves at once, and a close leaves no port behind that waits.
  const int on = 1;
  const ::linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return socket;
}

}  // namespace

Client::Client(std::string_view address) : socket_(connected(address)) {}

void Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ::ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Client::half_close() const { ::shutdown(socket_.number(), SHUT_WR); }

Answer Client::answer(bool to_head) {
  for (;;) {
    if (auto answer = take_answer(received_, to_head)) return std::move(*answer);
    if (!receive()) {
      throw std::runtime_error(
          fmt::format("the server closed instead of answering: {:?}", received_));
    }
  }
}

Answer Client::ask(std::string_view request) {
  send(request);
  const bool to_head = request.starts_with("HEAD ");
  Answer answer = this->answer(to_head);
  if (const std::string what = missing(answer, to_head); !what.empty()) {
    throw std::runtime_error(fmt::format("the answer {} lacks {}", answer.status, what));
  }
  if (const std::string what = undescribed(request, answer); !what.empty()) {
    throw std::runtime_error(fmt::format("openapi.json says otherwise: {}", what));
  }
  return answer;
}

std::string Client::rest() {
  while (receive()) continue;
  return std::move(received_);
}

bool Client::receive() {
  ::pollfd ready{.fd = socket_.number(), .events = POLLIN, .revents = 0};
  if (::poll(&ready, 1, kPatience) != 1)
    throw std::runtime_error("the server neither answers nor closes");
  std::array<char, 16384> part{};
  const ::ssize_t size = ::recv(socket_.number(), part.data(), part.size(), 0);
  if (size < 0) throw std::system_error(errno, std::generic_category(), "recv");
  received_.append(part.data(), static_cast<std::size_t>(size));
  return size > 0;
}

std::string request(std::string_view method, std::string_view target, std::string_view fields) {
  return fmt::format("{} {} HTTP/1.1\r\nHost: tasks.example\r\n{}\r\n", method, target, fields);
}

}  // namespace purgatory::server_test

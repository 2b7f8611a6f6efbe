#include "tests/processes/connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace purgatory::processes {
namespace {

bool send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive_all(int descriptor, char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t received = ::recv(descriptor, bytes, size, MSG_WAITALL);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    bytes += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::pair<Connection, Connection> Connection::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {Connection(ends[0]), Connection(ends[1])};
}

bool Connection::send(std::string_view message) {
  std::array<char, sizeof(std::size_t)> header{};
  const std::size_t size = message.size();
  std::memcpy(header.data(), &size, header.size());
  return send_all(descriptor(), {header.data(), header.size()}) && send_all(descriptor(), message);
}

std::optional<std::string> Connection::receive() {
  std::size_t size = 0;
  if (!receive_all(descriptor(), reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
  std::string message(size, '\0');
  if (!receive_all(descriptor(), message.data(), size)) return std::nullopt;
  return message;
}

}  // namespace purgatory::processes

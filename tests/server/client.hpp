#pragma once

#include <string>
#include <string_view>

#include "tests/cli/run/process.hpp"
#include "tests/server/answer.hpp"

namespace purgatory::server_test {

/// A client that sends bytes, whatever they are, and takes what comes back to pieces itself. What
/// it waits for has to come within half a minute.
class Client {
 public:
  /// To "http://127.0.0.1:8080", "http://[::1]:8080" or "unix:/path".
  explicit Client(std::string_view address);

  /// Sends all of it, unless the server closes the connection meanwhile: its answer says why.
  void send(std::string_view bytes) const;
  /// Nothing more will be sent; answers can still come.
  void half_close() const;

  /// The next answer. Throws std::runtime_error if what comes is none.
  Answer answer(bool to_head = false);
  /// Sends a request and takes its answer, which has to be one of the API, as openapi.json says.
  Answer ask(std::string_view request);
  /// All that comes until the server closes. Throws std::runtime_error if it resets.
  std::string rest();

  [[nodiscard]] int number() const noexcept { return socket_.number(); }

 private:
  /// False: the server closed.
  bool receive();

  cli_run::File socket_;
  std::string received_;
};

/// The bytes of a request of HTTP/1.1. `fields` are lines: "Accept: */*\r\n".
[[nodiscard]] std::string request(std::string_view method, std::string_view target,
                                  std::string_view fields = {});

}  // namespace purgatory::server_test

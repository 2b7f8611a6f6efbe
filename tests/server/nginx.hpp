#pragma once

#include <string>
#include <vector>

#include "tests/cli/run/process.hpp"
#include "tests/cli/run/sandbox.hpp"

namespace purgatory::server_test {

/// An nginx in front of a server, which passes on all that it understands as requests, over
/// connections that it uses again.
class Nginx {
 public:
  /// A request that it passed on.
  struct Passed {
    std::string id;      ///< Of X-Request-Id, which it gave.
    std::string status;  ///< Of the server's answer.
  };

  Nginx(const cli_run::Sandbox& box, const std::string& api);

  /// Where it listens.
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  /// Stops it; then all that it passed on is known.
  std::vector<Passed> stop();

 private:
  const cli_run::Sandbox& box_;
  std::string address_;
  cli_run::Process process_;
};

}  // namespace purgatory::server_test

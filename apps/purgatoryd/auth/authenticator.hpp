#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "purgatory/config.hpp"
#include "purgatory/host.hpp"
#include "purgatory/task_center.hpp"

/// How the server learns who sends a request (docs/server.md).
namespace purgatory::server {

/// The values of all headers of this name, in any case, as they came.
using Headers = std::function<std::vector<std::string_view>(std::string_view name)>;

/// Somebody; nobody, whom the API answers 401; or an answer that refuses the request.
struct Sender {
  std::optional<task_center::Identity> identity{};
  std::optional<task_center::Response> refusal{};
};

class Authenticator {
 public:
  Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  virtual ~Authenticator() = default;

  /// Any thread, also while another one reloads.
  [[nodiscard]] virtual Sender authenticate(const Headers& headers) const = 0;

  /// Reads its tokens again, if it has any, and returns how many there are. Throws Error{config} if
  /// the file is wrong; then the tokens stay as they were.
  virtual std::size_t reload() { return 0; }
};

/// The one that is configured. `host` must outlive it. Throws Error{config}.
[[nodiscard]] std::unique_ptr<Authenticator> make_authenticator(const Config::Server::Auth& auth,
                                                                const Host& host);

/// Refuses a request that has a header more than once: 400.
[[nodiscard]] Sender refuse_repeated(std::string_view header);

}  // namespace purgatory::server

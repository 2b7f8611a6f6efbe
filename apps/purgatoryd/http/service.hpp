#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "apps/purgatoryd/http/head.hpp"
#include "purgatory/task_center.hpp"

namespace purgatory::server::http {

using task_center::Response;

/// Where a request comes from, and since when it is complete.
struct Origin {
  std::string client;  ///< "127.0.0.1:51234".
  std::chrono::steady_clock::time_point arrived;
};

/// What answers the requests of a port.
class Service {
 public:
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  /// Answers a request. Threads of the pool call it.
  [[nodiscard]] virtual Response answer(const Head& head, const Origin& origin) noexcept = 0;

  /// Says why a request is not answered, or not even read. `head` is absent if none was complete.
  /// It must not block.
  [[nodiscard]] virtual Response refuse(unsigned status, std::string_view message, const Head* head,
                                        const Origin& origin) noexcept = 0;
};

}  // namespace purgatory::server::http

#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include "apps/purgatoryd/health.hpp"
#include "apps/purgatoryd/http/service.hpp"
#include "apps/purgatoryd/metrics.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::server {

/// The API's description in OpenAPI 3.1.
[[nodiscard]] std::string_view openapi();

/// The port for whoever runs the server: is it alive, is it ready, how is it doing.
class Admin final : public http::Service {
 public:
  /// All of them must outlive it. `connections` are those of the API.
  Admin(FailedJobs& jobs, Metrics& metrics, const Health& health,
        std::function<std::size_t()> connections)
      : jobs_(jobs), metrics_(metrics), health_(health), connections_(std::move(connections)) {}

  /// So many threads that a store that hangs keeps no other answer waiting.
  static constexpr std::size_t kThreads = 4;

  /// From now on the server is not ready.
  void drain() { draining_ = true; }

  [[nodiscard]] http::Response answer(const http::Head& head,
                                      const http::Origin& origin) noexcept override;
  [[nodiscard]] http::Response refuse(unsigned status, std::string_view message,
                                      const http::Head* head,
                                      const http::Origin& origin) noexcept override;

 private:
  [[nodiscard]] http::Response ready();
  [[nodiscard]] http::Response metrics() const;

  FailedJobs& jobs_;
  Metrics& metrics_;
  const Health& health_;
  const std::function<std::size_t()> connections_;
  std::atomic<bool> draining_ = false;
  std::atomic<std::size_t> asking_ = 0;  ///< How many wait for the store.
};

}  // namespace purgatory::server

#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include "apps/purgatoryd/http/service.hpp"
#include "apps/purgatoryd/log.hpp"
#include "apps/purgatoryd/metrics.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::server {

/// The API's description in OpenAPI 3.1.
[[nodiscard]] std::string_view openapi();

/// The port for whoever runs the server: is it alive, is it ready, how is it doing.
class Admin final : public http::Service {
 public:
  /// All of them must outlive it. `connections` are those of the API.
  Admin(FailedJobs& jobs, Log& log, Metrics& metrics, std::function<std::size_t()> connections)
      : jobs_(jobs), log_(log), metrics_(metrics), connections_(std::move(connections)) {}

  /// From now on the server is not ready.
  void drain() { draining_ = true; }

  [[nodiscard]] http::Response answer(const http::Head& head,
                                      const http::Origin& origin) noexcept override;
  [[nodiscard]] http::Response refuse(unsigned status, std::string_view message,
                                      const http::Head* head,
                                      const http::Origin& origin) noexcept override;
  void note(std::string_view problem) noexcept override;

 private:
  [[nodiscard]] http::Response ready() const;
  [[nodiscard]] http::Response metrics() const;

  FailedJobs& jobs_;
  Log& log_;
  Metrics& metrics_;
  const std::function<std::size_t()> connections_;
  std::atomic<bool> draining_ = false;
};

}  // namespace purgatory::server

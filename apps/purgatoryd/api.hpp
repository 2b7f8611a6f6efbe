#pragma once

#include <string>

#include "apps/purgatoryd/auth/authenticator.hpp"
#include "apps/purgatoryd/http/service.hpp"
#include "apps/purgatoryd/log.hpp"
#include "apps/purgatoryd/metrics.hpp"
#include "purgatory/host.hpp"
#include "purgatory/task_center.hpp"

namespace purgatory::server {

/// The task center's handler on a port: who asks, the request's id, the access log, the metrics.
class Api final : public http::Service {
 public:
  /// All of them must outlive it.
  Api(const task_center::Handler& handler, const Authenticator& authenticator, const Host& host,
      Log& log, Metrics& metrics)
      : handler_(handler),
        authenticator_(authenticator),
        host_(host),
        log_(log),
        metrics_(metrics) {}

  [[nodiscard]] http::Response answer(const http::Head& head,
                                      const http::Origin& origin) noexcept override;
  [[nodiscard]] http::Response refuse(unsigned status, std::string_view message,
                                      const http::Head* head,
                                      const http::Origin& origin) noexcept override;

 private:
  struct Exchange;

  /// The client's own if that is one, else a new one.
  [[nodiscard]] std::string id_of(const http::Head* head) const;
  [[nodiscard]] http::Response finish(const Exchange& exchange, http::Response response);

  const task_center::Handler& handler_;
  const Authenticator& authenticator_;
  const Host& host_;
  Log& log_;
  Metrics& metrics_;
};

}  // namespace purgatory::server

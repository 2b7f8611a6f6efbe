#include "apps/purgatoryd/admin/admin.hpp"

#include <fmt/format.h>

#include <exception>
#include <string>

namespace purgatory::server {
namespace {

using http::Head;
using http::Origin;
using http::Response;

Response text(unsigned status, std::string_view body, std::string_view type = "text/plain") {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = body;
  return response;
}

}  // namespace

Response Admin::answer(const Head& head, const Origin& /*origin*/) noexcept {
  const std::string_view path = std::string_view(head.target).substr(0, head.target.find('?'));
  const bool known =
      path == "/healthz" || path == "/readyz" || path == "/metrics" || path == "/openapi.json";
  if (!known) {
    return text(404, "There are /healthz, /readyz, /metrics and /openapi.json here.\n");
  }
  if (head.method != "GET" && head.method != "HEAD") {
    Response response = text(405, "Only GET and HEAD are answered here.\n");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  if (path == "/readyz") return ready();
  if (path == "/metrics") return metrics();
  if (path == "/openapi.json") return text(200, openapi(), "application/json");
  return text(200, "ok\n" + health_.text());
}

Response Admin::refuse(unsigned status, std::string_view message, const Head* /*head*/,
                       const Origin& /*origin*/) noexcept {
  return text(status, fmt::format("{}\n", message));
}

Response Admin::ready() {
  if (draining_) return text(503, "draining\n");
  if (++asking_ > kThreads / 2) {
    --asking_;
    return text(503, "the store does not answer: others wait for it already\n");
  }
  Response response = text(200, "ready\n");
  try {
    (void)jobs_.find("readyz", {}, "readyz");  // one look into the store, whatever it finds
  } catch (const std::exception& error) {
    response = text(503, fmt::format("the store does not answer: {}\n", error.what()));
  }
  --asking_;
  return response;
}

Response Admin::metrics() const {
  metrics_.set_connections(connections_());
  return text(200, metrics_.text(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace purgatory::server

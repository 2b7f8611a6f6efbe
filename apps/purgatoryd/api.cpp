#include "apps/purgatoryd/api.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/task_center/id.hpp"

namespace purgatory::server {
namespace {

namespace json = boost::json;
using http::Head;
using http::Origin;
using http::Response;

constexpr std::string_view kRequestId = "X-Request-Id";

/// The vendor's codes for what the server refuses by itself.
std::string_view code_of(unsigned status) {
  switch (status) {
    case 400: return "SDRS.0201";
    case 408: return "SDRS.0008";
    default: return "PURGATORY.0503";
  }
}

std::string_view without_query(std::string_view target) {
  return target.substr(0, target.find('?'));
}

}  // namespace

/// A request and what is known about it.
struct Api::Exchange {
  const Head* head;
  const Origin& origin;
  std::string id;
  std::string user{};
};

Response Api::answer(const Head& head, const Origin& origin) noexcept {
  Exchange exchange{.head = &head, .origin = origin, .id = id_of(&head)};
  Sender sender =
      authenticator_.authenticate([&](std::string_view name) { return head.values(name); });
  if (sender.refusal) return finish(exchange, std::move(*sender.refusal));
  if (sender.identity) exchange.user = sender.identity->name;
  return finish(exchange, handler_.handle({.method = head.method,
                                           .target = head.target,
                                           .accept = head.values("Accept"),
                                           .identity = std::move(sender.identity),
                                           .id = exchange.id}));
}

Response Api::refuse(unsigned status, std::string_view message, const Head* head,
                     const Origin& origin) noexcept {
  Response response = task_center::error_response(status, code_of(status), message);
  if (status == 503) response.headers.emplace_back("Retry-After", "5");
  if (status == 503 && head == nullptr) metrics_.observe_refused_connection();
  return finish({.head = head, .origin = origin, .id = id_of(head)}, std::move(response));
}

std::string Api::id_of(const Head* head) const {
  if (head != nullptr) {
    const auto ids = head->values(kRequestId);
    if (ids.size() == 1 && task_center::is_id(ids[0])) return std::string(ids[0]);
  }
  return fmt::format("{:016x}{:016x}", host_.random(), host_.random());
}

Response Api::finish(const Exchange& exchange, Response response) {
  const auto time = std::chrono::steady_clock::now() - exchange.origin.arrived;
  std::string_view method;
  if (exchange.head != nullptr) method = exchange.head->method;
  metrics_.observe_request(method, response.call, response.status, time);
  if (!response.fault.empty()) {
    log_.write(LogEvent::Level::error, "fault",
               {{"id", exchange.id}, {"what", clean(response.fault)}});
  }
  json::object fields{{"id", exchange.id}, {"client", exchange.origin.client}};
  if (!exchange.user.empty()) fields["user"] = clean(exchange.user);
  if (exchange.head != nullptr) {
    fields["method"] = method;
    fields["path"] = without_query(exchange.head->target);
  }
  fields["status"] = response.status;
  fields["bytes"] = method == "HEAD" ? 0 : response.body.size();
  fields["duration_us"] = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  log_.write(LogEvent::Level::info, "request", fields);
  response.headers.emplace_back(kRequestId, exchange.id);
  return response;
}

}  // namespace purgatory::server

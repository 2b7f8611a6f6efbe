// The task center's API in a server of your own: here Boost.Beast, one request after the other.
// Arguments: a configuration. Prints its address.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <iostream>
#include <optional>
#include <string_view>
#include <vector>

#include "purgatory/failed_jobs.hpp"
#include "purgatory/task_center.hpp"

namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using purgatory::task_center::Handler;
using purgatory::task_center::Identity;
using HttpRequest = http::request<http::string_body>;
using HttpResponse = http::response<http::string_body>;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// Your service knows who asks, by a session or a token: this one knows two of them.
std::optional<Identity> who_asks(const HttpRequest& request) {
  const std::string_view session = view(request["Cookie"]);
  if (session == "session=ann") {
    return Identity{.name = "ann", .projects = {"shop"}, .may_delete = true};
  }
  if (session == "session=bob") return Identity{.name = "bob", .projects = {"shop"}};
  return std::nullopt;
}

HttpResponse answer(const Handler& handler, const HttpRequest& request) {
  std::vector<std::string_view> accept;
  const auto [first, last] = request.equal_range(http::field::accept);
  for (auto field = first; field != last; ++field) accept.push_back(view(field->value()));
  const auto answer = handler.handle({.method = view(request.method_string()),
                                      .target = view(request.target()),
                                      .accept = accept,
                                      .has_body = !request.body().empty(),
                                      .identity = who_asks(request)});
  if (!answer.fault.empty()) std::cerr << answer.fault << '\n';
  HttpResponse response{static_cast<http::status>(answer.status), request.version()};
  for (const auto& [name, value] : answer.headers) {
    response.insert({name.data(), name.size()}, {value.data(), value.size()});
  }
  response.body() = answer.body;
  response.keep_alive(false);
  if (answer.status != 204) response.prepare_payload();
  if (request.method() == http::verb::head) response.body().clear();
  return response;
}

void serve_one(tcp::acceptor& acceptor, const Handler& handler) {
  tcp::socket socket = acceptor.accept();
  boost::beast::flat_buffer buffer;
  HttpRequest request;
  boost::system::error_code error;
  http::read(socket, buffer, request, error);
  if (!error) http::write(socket, answer(handler, request), error);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: own_server CONFIGURATION\n";
    return 2;
  }
  const auto config = purgatory::Config::load(argv[1]);
  auto jobs = purgatory::FailedJobs::open(config);
  const Handler handler(jobs, config.task_center);

  boost::asio::io_context context;
  tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  std::cout << "http://" << acceptor.local_endpoint() << std::endl;
  while (true) serve_one(acceptor, handler);
}

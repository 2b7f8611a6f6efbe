#pragma once

#include <string>
#include <string_view>

#include "purgatory/task_center.hpp"
#include "tests/facade/fixture.hpp"
#include "tests/task_center/shown.hpp"

/// What the tests of the task center are written in: a handler on a fresh store.
namespace purgatory::task_center_test {

using namespace facade_test;
using task_center::Identity;
using task_center::Request;
using task_center::Response;

/// The header's value; empty: there is none.
[[nodiscard]] std::string header_of(const Response& response, std::string_view name);

/// The same of the handler's answer.
[[nodiscard]] std::string shown(const Response& response);

/// Who may do everything in the project "shop".
[[nodiscard]] Identity an_operator();

class Center {
 public:
  explicit Center(const Config::TaskCenter& settings = {}) : handler_(service.jobs(), settings) {}

  [[nodiscard]] Response handle(const Request& request) const { return handler_.handle(request); }
  /// A request of `an_operator`, in `/v1/shop/task-center/`.
  [[nodiscard]] Response send(std::string_view method, std::string_view path) const;
  [[nodiscard]] std::string remove(std::string_view path) const {
    return shown(send("DELETE", path));
  }
  [[nodiscard]] std::string get(std::string_view path) const { return send("GET", path).body; }
  /// The job ids of a list, in its order.
  [[nodiscard]] Ids listed(std::string_view query) const;
  /// Its count.
  [[nodiscard]] std::uint64_t counted(std::string_view query) const;

  Service service;

 private:
  task_center::Handler handler_;
};

}  // namespace purgatory::task_center_test

// What becomes of errors of the library.

#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/task_center/fixture.hpp"

namespace purgatory::task_center_test {
namespace {

/// The answer when the first step of the call fails so.
Response answer_to(Center& center, const std::function<void()>& failure) {
  center.service.meanwhile(failure);
  return center.handle({.method = "DELETE",
                        .target = "/v1/shop/task-center/failure-jobs/batch",
                        .identity = an_operator(),
                        .id = "r-1"});
}

TEST_CASE(
    "each error of the library has its status, and what a client need not know is for the log") {
  struct Row {
    ErrorCode code;
    const char* answer;
    bool hidden = true;
  };
  constexpr const char* kLate =
      "504 SDRS.0008: The store did not answer in time; repeating the request is safe. (request "
      "r-1)";
  constexpr const char* kAway =
      "503 PURGATORY.0503: The store cannot be reached or has no room: repeat it later. (request "
      "r-1)";
  constexpr const char* kDefect =
      "500 SDRS.0013: An internal fault: tell whoever runs this service. (request r-1)";
  const auto row = GENERATE_COPY(values<Row>({
      {ErrorCode::invalid_argument, "400 SDRS.0201: the secret place", false},
      {ErrorCode::not_found, "404 PURGATORY.0404: the secret place", false},
      {ErrorCode::conflict, "409 PURGATORY.0409: the secret place", false},
      {ErrorCode::unsupported, "501 PURGATORY.0501: The store cannot do this. (request r-1)"},
      {ErrorCode::corrupt,
       "502 PURGATORY.0502: The store is damaged: tell whoever runs it. (request r-1)"},
      {ErrorCode::unavailable, kAway},
      {ErrorCode::exhausted, kAway},
      {ErrorCode::timeout, kLate},
      {ErrorCode::outcome_unknown, kLate},
      {ErrorCode::permission, kDefect},
      {ErrorCode::config, kDefect},
      {ErrorCode::plugin, kDefect},
      {ErrorCode::guard, kDefect},
  }));
  Center center;

  const Response response = answer_to(center, [&] { throw Error(row.code, "the secret place"); });
  CHECK(shown(response) == row.answer);
  CHECK(response.fault == (row.hidden ? "the secret place" : ""));
  CHECK(header_of(response, "Retry-After") == (response.status == 503 ? "5" : ""));
}

TEST_CASE("whatever else fails is a fault of ours") {
  Center center;
  const Response response = answer_to(center, [] { throw std::runtime_error("broken"); });
  CHECK(response.status == 500);
  CHECK(response.fault == "broken");

  const Response odd = answer_to(center, [] { throw 1; });
  CHECK(odd.status == 500);
  CHECK(odd.fault == "a callback of the host threw what is no std::exception");
}

TEST_CASE("a request without an id is answered without one") {
  CHECK(shown(task_center::error_response(503, "PURGATORY.0503", "Later.")) ==
        "503 PURGATORY.0503: Later.");
}

TEST_CASE("a setting out of range is refused") {
  Service service;
  CHECK(error_of([&] { task_center::Handler(service.jobs(), {.count_limit = 0}); }) ==
        "config: task_center.count_limit: 0 is out of range: 1 to 1000000000");
}

}  // namespace
}  // namespace purgatory::task_center_test

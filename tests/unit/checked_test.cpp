// What `checked` makes of a backend's failures.

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <new>
#include <stdexcept>

#include "tests/unit/fake_repository.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::Door;

/// What the host was told, but for durations, as "name{label=value,...} by value".
std::vector<std::string> listen(Host& host, std::vector<std::string>& metrics) {
  host.metric = [&metrics](const Metric& metric) {
    if (metric.kind == Metric::Kind::histogram) return;
    std::string text(metric.name);
    for (const auto& label : metric.labels) {
      text += " " + std::string(label.name) + "=" + std::string(label.value);
    }
    if (metric.kind != Metric::Kind::counter || metric.value != 1) text += " odd";
    metrics.push_back(text);
  };
  return metrics;
}

/// Runs every operation with a backend that throws `thrown`; checks what comes out each time.
template <typename Thrown>
void expect_from_every_operation(const Thrown& thrown, ErrorCode code, const std::string& text,
                                 const std::string& backend) {
  Door door;
  std::vector<std::string> metrics;
  listen(door.host, metrics);
  door.fake->on_call = [&](std::string_view) { throw thrown; };
  std::vector<std::string> expected;
  for (const Door::Operation& operation : door.operations()) {
    INFO(operation.name);
    try {
      operation.call();
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.code() == code);
      CHECK(error.what() == text);
      CHECK(error.backend() == backend);
    }
    expected.push_back("purgatory_backend_errors_total backend=fake code=" +
                       std::string(to_string(code)));
  }
  CHECK(metrics == expected);
}

TEST_CASE("the host learns how long each operation took, also one that failed") {
  Door door;
  std::vector<std::string> timed;
  door.host.metric = [&](const Metric& metric) {
    if (metric.kind != Metric::Kind::histogram) return;
    CHECK(metric.name == "purgatory_backend_operation_duration_seconds");
    CHECK(metric.value >= 0);
    REQUIRE(metric.labels.size() == 2);
    CHECK(metric.labels[0].name == "backend");
    CHECK(metric.labels[0].value == "fake");
    CHECK(metric.labels[1].name == "operation");
    timed.emplace_back(metric.labels[1].value);
  };
  std::vector<std::string> called;
  bool fails = false;
  door.fake->on_call = [&](std::string_view) {
    if (fails) throw Error(ErrorCode::timeout, "too late");
  };
  for (const Door::Operation& operation : door.operations()) {
    fails = false;
    operation.call();
    fails = true;
    CHECK_THROWS_AS(operation.call(), Error);
    called.insert(called.end(), 2, std::string(operation.name));
  }
  CHECK(timed == called);
}

TEST_CASE("an Error of a backend passes as it is, and is counted") {
  expect_from_every_operation(Error(ErrorCode::timeout, "too late", "inner"), ErrorCode::timeout,
                              "too late", "inner");
}

TEST_CASE("another exception becomes an Error of the plugin, with its text") {
  expect_from_every_operation(
      std::runtime_error("disk on fire"), ErrorCode::plugin,
      "backend 'fake' broke its contract: it threw 'disk on fire'; report it to its author",
      "fake");
}

TEST_CASE("what is no exception becomes an Error of the plugin") {
  expect_from_every_operation(42, ErrorCode::plugin,
                              "backend 'fake' broke its contract: it threw something that is no "
                              "exception; report it to its author",
                              "fake");
}

TEST_CASE("limits that are too large are refused when a backend is wrapped") {
  CHECK(unit::error_of([] { Door door({.max_payload_bytes = Limits::kMostPayloadBytes + 1}); }) ==
        "invalid_argument: max_payload_bytes: 3145729 bytes are over the limit of 3145728; shorten "
        "it");
}

TEST_CASE("bad_alloc becomes exhausted") {
  expect_from_every_operation(std::bad_alloc(), ErrorCode::exhausted,
                              "the process is out of memory", "fake");
}

TEST_CASE("a refused argument is counted as an error of the call") {
  Door door;
  std::vector<std::string> metrics;
  listen(door.host, metrics);
  CHECK_THROWS_AS(door.repository->partitions(door.call, ""), Error);
  CHECK(metrics == std::vector<std::string>{
                       "purgatory_backend_errors_total backend=fake code=invalid_argument"});
}

TEST_CASE("success is not counted") {
  Door door;
  std::vector<std::string> metrics;
  listen(door.host, metrics);
  for (const Door::Operation& operation : door.operations()) operation.call();
  CHECK(metrics.empty());
}

TEST_CASE("the name is the backend's") { CHECK(Door().repository->backend() == "fake"); }

TEST_CASE("a child process may not use what its parent opened") {
  Door door;
  bool asked = false;
  door.fake->on_call = [&](std::string_view) { asked = true; };
  const auto operations = door.operations();
  const std::string parent = std::to_string(::getpid());

  const ::pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Only the exit code tells: the child must not report tests of its own.
    const std::string text = "unsupported: backend 'fake' was opened by process " + parent +
                             " and is used by its child " + std::to_string(::getpid()) +

                             "; a store cannot be used after fork: open it in the child alone, or "
                             "after exec";
    bool refused = true;
    for (const Door::Operation& operation : operations) {
      refused = refused && unit::error_of(operation.call) == text;
    }
    ::_exit(refused && !asked ? 42 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);

  for (const Door::Operation& operation : operations) CHECK_NOTHROW(operation.call());
  CHECK(asked);
}

}  // namespace
}  // namespace purgatory

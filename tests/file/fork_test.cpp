// Other processes: a child that inherits an open store, and several that make the same one.

#include <unistd.h>

#include <memory>

#include "tests/file/child.hpp"
#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

}  // namespace

TEST_CASE("a child that inherits a store cannot use it") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  store.record(a_job("a"));
  const std::string answer =
      in_child([&] { return contract::error_of([&] { return store.count(); }); });
  CHECK(answer.starts_with("unsupported: "));
  CHECK(answer.find("fork") != std::string::npos);
}

TEST_CASE("a child cannot open the store that its parent has open") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  const std::string answer = in_child([&] { return opening(directory / "store"); });
  CHECK(answer.starts_with("unsupported: '<path>' was open in process " +
                           std::to_string(::getpid()) + " when that forked this one, "));
  CHECK(answer.ends_with(
      ": a store is for the process that opened it; open it in the child alone, or after exec"));
}

TEST_CASE("a child may open the store that its parent has closed") {
  const Directory directory;
  { Store(at_path(directory / "store")).record(a_job("a")); }
  CHECK(in_child([&] { return opening(directory / "store"); }) == "no error");
}

TEST_CASE("a child that closes an inherited store does not disturb the parent") {
  const Directory directory;
  auto store = std::make_unique<Store>(at_path(directory / "store"));
  store->record(a_job("before"));
  CHECK(in_child([&] {
          store.reset();
          return std::string("closed");
        }) == "closed");
  store->record(a_job("after"));
  CHECK(store->live() == contract::IdSet{"after", "before"});
  CHECK(findings(*store).empty());
}

TEST_CASE("a child that closes an inherited store leaves its files alone") {
  const Directory directory;
  FaultVfs vfs;
  auto store = std::make_unique<Store>(at_path(directory / "store"));
  store->record(a_job("before"));
  CHECK(in_child([&] {
          const auto operations = [&] {
            return vfs.count(Operation::read) + vfs.count(Operation::write) +
                   vfs.count(Operation::lock) + vfs.count(Operation::truncate);
          };
          const int before = operations();
          store.reset();
          return std::to_string(operations() - before);
        }) == "0");
}

TEST_CASE("the parent keeps its locks when a child closes an inherited store") {
  const Directory directory;
  auto store = std::make_unique<Store>(at_path(directory / "store"));
  store->record(a_job("before"));
  const std::string closed = in_child([&] {
    store.reset();
    return std::string("closed");
  });
  REQUIRE(closed == "closed");
  // Only who is alone can take the log away.
  CHECK(in_child([&] { return Raw(directory / "store").value("PRAGMA journal_mode = DELETE"); }) ==
        "threw: database is locked");
}

TEST_CASE("processes that make the same store at the same time all succeed") {
  constexpr int kRounds = 20;
  constexpr std::size_t kProcesses = 8;
  for (int round = 0; round < kRounds; ++round) {
    const Directory directory;
    Gate gate;
    std::vector<std::unique_ptr<Child>> children;
    for (std::size_t i = 0; i < kProcesses; ++i) {
      children.push_back(std::make_unique<Child>([&, i] {
        gate.wait();
        return contract::error_of([&] {
          const Store store(at_path(directory / "store"));
          store.record(a_job(contract::numbered("job", i)));
        });
      }));
    }
    gate.open();
    for (const auto& child : children) CHECK(child->answer() == "no error");
    const Store store(at_path(directory / "store"));
    CHECK(store.count() == kProcesses);
    CHECK(findings(store).empty());
  }
}

}  // namespace purgatory::file_test

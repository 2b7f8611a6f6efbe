// Each read, write, sync ... that a short life of a store needs fails, once or for ever.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"
#include "tests/file/script.hpp"

namespace purgatory::file_test {
namespace {

using contract::Store;

constexpr int kMostRuns = 5000;

/// A run of the script under a fault.
class Run {
 public:
  explicit Run(const fs::path& path) : path_(path), happened_(script().size()) {}

  void run(FaultVfs& vfs, const Fault& fault) {
    vfs.set(fault);
    if (!try_open()) try_open();  // a host tries again
    for (std::size_t i = 0; store_ && i < script().size(); ++i) {
      attempt(i, vfs);
      look();
    }
    store_.reset();
    vfs.clear();
  }

  /// Empty, or what is wrong with what is there now.
  [[nodiscard]] std::string judge() const {
    if (!wrong_.empty()) return wrong_;
    try {
      const Store store(at_path(path_));
      if (!explained(state_of(store))) return "no history explains what is there";
      if (const auto found = findings(store); !found.empty()) return found.front();
    } catch (const std::exception& error) {
      return std::string("afterwards: ") + error.what();
    }
    return {};
  }

  [[nodiscard]] const std::set<ErrorCode>& codes() const { return codes_; }

 private:
  bool try_open() {
    expect_error("open", [&] { store_.emplace(at_path(path_)); });
    return store_.has_value();
  }

  void attempt(std::size_t step, const FaultVfs& vfs) {
    const auto code = expect_error(script()[step].name, [&] { script()[step].run(*store_); });
    happened_[step] = !code || code == ErrorCode::not_found;
    if (code == ErrorCode::outcome_unknown || (code && script()[step].in_slices)) {
      unknown_.push_back(step);
    }
    if (code == ErrorCode::not_found && !vfs.happened()) wrong_ = "not_found without a fault";
  }

  void look() {
    expect_error("list", [&] { return store_->list(); });
    expect_error("find", [&] { return store_->find("a"); });
    expect_error("check", [&] { return findings(*store_); });
  }

  /// What the action fails with, which must be an Error that says what a disk can do.
  template <typename Action>
  std::optional<ErrorCode> expect_error(std::string_view call, Action action) {
    try {
      action();
      return std::nullopt;
    } catch (const Error& error) {
      static const std::set<ErrorCode> kSensible{ErrorCode::unavailable, ErrorCode::outcome_unknown,
                                                 ErrorCode::exhausted, ErrorCode::not_found};
      codes_.insert(error.code());
      if (!kSensible.contains(error.code())) {
        wrong_ = fmt::format("{}: {}: {}", call, to_string(error.code()), error.what());
      }
      return error.code();
    } catch (const std::exception& error) {
      wrong_ = fmt::format("{} threw no Error: {}", call, error.what());
      return ErrorCode::plugin;
    }
  }

  /// Whether the calls that succeeded, and some of those of which nobody knows, lead to a state.
  [[nodiscard]] bool explained(const State& state) const {
    for (std::size_t bits = 0; bits < (std::size_t{1} << unknown_.size()); ++bits) {
      std::vector<std::size_t> history;
      for (std::size_t step = 0; step < script().size(); ++step) {
        const auto place = std::ranges::find(unknown_, step) - unknown_.begin();
        const bool did = place < std::ssize(unknown_) ? (bits >> place & 1) != 0 : happened_[step];
        if (did) history.push_back(step);
      }
      if (state_after(history) == state || state_after(last_unknown_late(history)) == state) {
        return true;
      }
    }
    return false;
  }

  /// What a failed sync left in the log may come into force when the file is opened again, behind
  /// calls that found nothing to change.
  [[nodiscard]] std::vector<std::size_t> last_unknown_late(std::vector<std::size_t> history) const {
    if (!unknown_.empty() && std::erase(history, unknown_.back()) > 0) {
      history.push_back(unknown_.back());
    }
    return history;
  }

  fs::path path_;
  std::optional<Store> store_;
  std::vector<bool> happened_;
  std::vector<std::size_t> unknown_;
  std::set<ErrorCode> codes_;
  std::string wrong_;
};

/// Fails the first operation of a kind, then the second ..., until a run needs no more of them.
void fail_each(Operation operation, int code, bool for_ever) {
  FaultVfs vfs;
  std::set<ErrorCode> codes;
  int nth = 1;
  for (; nth < kMostRuns; ++nth) {
    const Directory directory;
    Run run(directory / "store");
    run.run(vfs, {.operation = operation, .nth = nth, .for_ever = for_ever, .code = code});
    INFO("number " << nth << " fails" << (for_ever ? " and all after it" : ""));
    REQUIRE(run.judge() == "");
    if (!vfs.happened()) break;
    codes.insert(run.codes().begin(), run.codes().end());
  }
  REQUIRE(nth > 1);
  REQUIRE(nth < kMostRuns);
  std::cout << nth - 1 << " runs with code " << code << (for_ever ? " for ever" : " once") << ":";
  for (const ErrorCode seen : codes) std::cout << ' ' << to_string(seen);
  std::cout << '\n';
}

void fail_each(Operation operation, int code) {
  fail_each(operation, code, false);
  fail_each(operation, code, true);
}

}  // namespace

TEST_CASE("whichever open fails, each call wholly happens or fails with an error") {
  fail_each(Operation::open, SQLITE_CANTOPEN);
}

TEST_CASE("whichever read fails, each call wholly happens or fails with an error") {
  fail_each(Operation::read, SQLITE_IOERR_READ);
}

TEST_CASE("whichever write fails, each call wholly happens or fails with an error") {
  fail_each(Operation::write, SQLITE_IOERR_WRITE);
}

TEST_CASE("whichever write finds no room, each call wholly happens or fails with an error") {
  fail_each(Operation::write, SQLITE_FULL);
}

TEST_CASE("whichever sync fails, each call wholly happens or fails with an error") {
  fail_each(Operation::sync, SQLITE_IOERR_FSYNC);
}

TEST_CASE("whichever truncation fails, each call wholly happens or fails with an error") {
  fail_each(Operation::truncate, SQLITE_IOERR_TRUNCATE);
}

TEST_CASE("whichever growth finds no room, each call wholly happens or fails with an error") {
  fail_each(Operation::grow, SQLITE_FULL);
}

TEST_CASE("whichever mapping of shared memory fails, each call wholly happens or fails") {
  fail_each(Operation::map, SQLITE_IOERR_SHMMAP);
}

}  // namespace purgatory::file_test

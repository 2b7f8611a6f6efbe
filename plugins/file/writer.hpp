#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "plugins/file/connection.hpp"
#include "plugins/file/room.hpp"
#include "purgatory/repository.hpp"

namespace purgatory::file {

/// What a change does to the size of the file, when the disk is full: those that free are let
/// through.
enum class Grows : bool { no, yes };

/// All changes of this process go through one connection, and those that wait at the same time
/// share one transaction and one sync (group commit). There is no thread for it: one of the waiting
/// callers works for all. A change runs in a savepoint, so it fails alone; it may run again if the
/// transaction around it failed, so it has to begin anew each time.
class Writer {
 public:
  /// `log_grew(pages)` is told after commits how long the write-ahead log is.
  Writer(const Location& location, const Room& room, std::function<void(std::int64_t)> log_grew)
      : location_(location), room_(room), log_grew_(std::move(log_grew)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Runs action(Connection&) and returns what it returns once that is as durable as the store
  /// promises. `weight`: about how many jobs it changes. Throws what the action throws, timeout if
  /// the deadline passes before its turn, outcome_unknown if the commit failed half way.
  template <typename Action>
  auto write(const Call& call, Grows grows, std::size_t weight, Action action) {
    using Result = std::invoke_result_t<Action&, Connection&>;
    if constexpr (std::is_void_v<Result>) {
      Change change(call, grows, weight, [&](Connection& connection) { action(connection); });
      submit(change);
    } else {
      std::optional<Result> result;
      Change change(call, grows, weight,
                    [&](Connection& connection) { result.emplace(action(connection)); });
      submit(change);
      return *std::move(result);
    }
  }

  /// True if another change waits: background work ends its slice then.
  [[nodiscard]] bool wanted() const noexcept { return waiting_ > 0; }

  /// Runs `action` while this process changes nothing.
  void pause(const std::function<void()>& action);

 private:
  struct Change {
    Change(const Call& call_in, Grows grows_in, std::size_t weight_in,
           std::function<void(Connection&)> run_in)
        : call(call_in), grows(grows_in), weight(weight_in + 1), run(std::move(run_in)) {}

    const Call& call;
    Grows grows;
    std::size_t weight;
    std::function<void(Connection&)> run;
    std::exception_ptr error;
    enum class State { queued, running, done } state = State::queued;
    std::condition_variable turn;  ///< Notified when it is done, or has to work for all.
  };
  using Batch = std::vector<Change*>;

  void submit(Change& change);
  void lead(std::unique_lock<std::mutex>& lock, Change& leader);
  void hand_over();
  /// Waits a moment for as many as shared the last transaction: they have just been answered.
  void gather(std::unique_lock<std::mutex>& lock) const;
  void take_batch(Batch& batch);

  void begin(const Call& call);
  [[nodiscard]] std::unique_ptr<Connection> open(const Call& call);
  /// False: the transaction failed, and nothing of it happened.
  bool run_together(const Batch& batch);
  bool run_in_savepoint(Change& change);
  void run_alone(Change& change);
  void attempt(Change& change);
  void attempt_with_empty_log(Change& change);
  /// None: all of it is durable. Otherwise why its outcome is unknown. Throws if nothing happened.
  [[nodiscard]] std::optional<std::string> commit(Grows grows);
  void roll_back() noexcept;
  /// Sees to it that what the transaction adds has a place in the file.
  void reserve(Grows grows);

  static int note_log(void* writer, sqlite3* database, const char* name, int pages);

  const Location& location_;
  const Room& room_;
  std::function<void(std::int64_t)> log_grew_;

  std::mutex mutex_;
  std::deque<Change*> queue_;
  std::atomic<std::size_t> waiting_ = 0;
  std::size_t last_batch_ = 0;
  bool led_ = false;
  std::condition_variable idle_;  ///< Nobody works: for pause().
  std::size_t pausing_ = 0;

  // Of whoever leads.
  std::unique_ptr<Connection> connection_;  ///< None after a failed sync.
  std::int64_t log_pages_ = 0;              ///< After the last commit.
  std::int64_t page_bytes_ = 0;
};

}  // namespace purgatory::file

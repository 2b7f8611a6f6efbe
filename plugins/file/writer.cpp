#include "plugins/file/writer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "plugins/file/checkpoint.hpp"
#include "plugins/file/fail.hpp"

namespace purgatory::file {
namespace {

using std::chrono::steady_clock;

/// Pages of the file that no record takes: for purges on a full disk.
constexpr std::int64_t kSparePages = 64;
/// How long a change waits for those that shared the commit before, which are likely to come back.
constexpr std::chrono::microseconds kMostGathering{100};
/// How long a record on a full disk waits for room in the log.
constexpr std::chrono::milliseconds kMostWait{5};
/// The log is cut to this after it was longer.
constexpr std::int64_t kMostIdleLog = 8 << 20;

/// About how many jobs share a transaction: the first of them waits for the last, and a single
/// record behind a batch does not wait for the next batch too.
constexpr std::size_t kMostWeight = 100;

[[noreturn]] void fail_late() {
  fail(ErrorCode::timeout,
       "the deadline passed while other changes were written; nothing was changed, give the call "
       "more time");
}

/// Each caller gets one of its own.
Error unknown(std::string_view failure) {
  return {ErrorCode::outcome_unknown,
          fmt::format("{}; the commit failed half way, so the change may or may not be there after "
                      "a crash: repeat it",
                      failure),
          "file"};
}

}  // namespace

void Writer::submit(Change& change) {
  std::unique_lock lock(mutex_);
  queue_.push_back(&change);
  waiting_ = queue_.size();
  while (change.state != Change::State::done) {
    if (!led_ && pausing_ == 0) {
      led_ = true;
      lead(lock, change);
      led_ = false;
      hand_over();
    } else if (change.state == Change::State::queued) {
      change.turn.wait_until(lock, change.call.deadline);
      if (change.state == Change::State::queued && steady_clock::now() >= change.call.deadline) {
        std::erase(queue_, &change);
        waiting_ = queue_.size();
        if (!led_) hand_over();
        fail_late();
      }
    } else {
      change.turn.wait(lock);  // a sync cannot be ended
    }
  }
  if (change.error) std::rethrow_exception(change.error);
}

void Writer::hand_over() {
  if (pausing_ > 0) return idle_.notify_one();
  if (!queue_.empty()) queue_.front()->turn.notify_one();
}

void Writer::pause(const std::function<void()>& action) {
  std::unique_lock lock(mutex_);
  ++pausing_;
  idle_.wait(lock, [&] { return !led_; });
  led_ = true;
  lock.unlock();
  action();
  lock.lock();
  led_ = false;
  --pausing_;
  hand_over();
}

void Writer::take_batch(Batch& batch) {
  batch.reserve(queue_.size());  // what may fail first
  std::size_t weight = 0;
  while (!queue_.empty() && (batch.empty() || weight + queue_.front()->weight <= kMostWeight)) {
    batch.push_back(queue_.front());
    weight += queue_.front()->weight;
    queue_.front()->state = Change::State::running;
    queue_.pop_front();
  }
  waiting_ = queue_.size();
  last_batch_ = batch.size();
}

void Writer::gather(std::unique_lock<std::mutex>& lock) const {
  const auto end = steady_clock::now() + kMostGathering;
  while (queue_.size() < last_batch_ && steady_clock::now() < end) {
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
}

void Writer::lead(std::unique_lock<std::mutex>& lock, Change& leader) {
  Batch batch;
  try {
    gather(lock);
    lock.unlock();
    begin(leader.call);  // others join the queue meanwhile
    lock.lock();
    take_batch(batch);
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    roll_back();
    std::erase(queue_, &leader);
    waiting_ = queue_.size();
    leader.error = std::current_exception();
    leader.state = Change::State::done;
    return;
  }
  lock.unlock();
  const bool together = batch.size() == 1 || run_together(batch);
  if (batch.size() == 1 || !together) run_alone(*batch.front());
  log_grew_(log_pages_);
  lock.lock();
  for (auto change = batch.rbegin(); change != batch.rend(); ++change) {
    const bool done = together || *change == batch.front();
    (*change)->state = done ? Change::State::done : Change::State::queued;
    if (!done) queue_.push_front(*change);  // each of them alone, or with others, in its turn
    (*change)->turn.notify_one();
  }
  waiting_ = queue_.size();
}

void Writer::begin(const Call& call) {
  if (!connection_) connection_ = open(call);
  connection_->set_deadline(call.deadline);
  Query(*connection_, "BEGIN IMMEDIATE").run();
}

std::unique_ptr<Connection> Writer::open(const Call& call) {
  auto connection = std::make_unique<Connection>(location_, Connection::Mode::open, call.deadline);
  sqlite3_wal_hook(connection->handle(), note_log, this);
  page_bytes_ = connection->number("PRAGMA page_size");
  connection->execute(fmt::format("PRAGMA journal_size_limit = {}", kMostIdleLog).c_str());
  return connection;
}

bool Writer::run_together(const Batch& batch) {
  try {
    Grows grows = Grows::no;
    for (Change* change : batch) {
      if (!run_in_savepoint(*change)) return false;
      if (change->grows == Grows::yes) grows = Grows::yes;
    }
    const std::optional<std::string> failure = commit(grows);
    for (Change* change : batch) {
      if (failure && !change->error) change->error = std::make_exception_ptr(unknown(*failure));
    }
    return true;
  } catch (const std::exception&) {
    roll_back();
    return false;
  }
}

bool Writer::run_in_savepoint(Change& change) {
  change.error = nullptr;
  Query(*connection_, "SAVEPOINT change").run();
  try {
    if (steady_clock::now() >= change.call.deadline) fail_late();
    change.run(*connection_);
  } catch (...) {
    change.error = std::current_exception();
    if (!connection_->in_transaction()) return false;  // SQLite gave all of it up
    Query(*connection_, "ROLLBACK TO change").run();
  }
  Query(*connection_, "RELEASE change").run();
  return true;
}

void Writer::run_alone(Change& change) {
  try {
    change.error = nullptr;
    attempt(change);
  } catch (const SqliteError& error) {
    change.error = std::current_exception();
    if (error.primary() == SQLITE_FULL && connection_) attempt_with_empty_log(change);
  } catch (...) {
    change.error = std::current_exception();
  }
}

void Writer::attempt_with_empty_log(Change& change) {
  try {
    // Nobody can write while it waits for those that read: a purge is worth that, a record is not.
    const auto short_wait = std::min(change.call.deadline, steady_clock::now() + kMostWait);
    connection_->set_deadline(change.grows == Grows::yes ? short_wait : change.call.deadline);
    checkpoint(*connection_, Checkpoint::restart);
    attempt(change);
    change.error = nullptr;
  } catch (const std::exception&) {  // the disk is full: that is what it has to say
  }
}

void Writer::attempt(Change& change) {
  try {
    if (!connection_ || !connection_->in_transaction()) begin(change.call);
    if (steady_clock::now() >= change.call.deadline) fail_late();
    change.run(*connection_);
    if (const std::optional<std::string> failure = commit(change.grows)) throw unknown(*failure);
  } catch (...) {
    roll_back();
    throw;
  }
}

std::optional<std::string> Writer::commit(Grows grows) {
  reserve(grows);
  try {
    Query(*connection_, "COMMIT").run();
    return std::nullopt;
  } catch (const SqliteError& error) {
    if (error.primary() == SQLITE_FULL) throw;  // it was refused before its last page was written
    connection_.reset();
    return error.what();
  }
}

void Writer::reserve(Grows grows) {
  const std::int64_t free = connection_->number("PRAGMA freelist_count");
  const std::int64_t spare =
      grows == Grows::yes ? std::max<std::int64_t>(0, kSparePages - free) : 0;
  const std::int64_t pages = connection_->number("PRAGMA page_count") + spare;
  const bool reserved = room_.reserve(pages * page_bytes_);
  if (!reserved && grows == Grows::yes) throw NoRoom(location_.path);
}

void Writer::roll_back() noexcept {
  try {
    if (connection_ && connection_->in_transaction()) Query(*connection_, "ROLLBACK").run();
  } catch (const std::exception&) {
    connection_.reset();
  }
}

int Writer::note_log(void* writer, sqlite3* /*database*/, const char* /*name*/, int pages) {
  static_cast<Writer*>(writer)->log_pages_ = pages;
  return SQLITE_OK;
}

}  // namespace purgatory::file

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive/archiver.hpp"
#include "tests/archive/content.hpp"
#include "tests/contract/fixture.hpp"
#include "tests/processes/temporary_directory.hpp"

/// What the tests of the archiver are written in: a fresh store, archives beside it, and an
/// archiver that can be replaced as if its process had died.
namespace purgatory::archive_test {

using archive::Archiver;
using archive::RangeLimits;
using Compress = Config::Retention::Archive::Compress;
using contract::a_job;
using contract::at;
using contract::error_of;
using contract::hours;
using contract::Ids;
using contract::kProject;
using contract::milliseconds;
using contract::minutes;
using contract::NewJob;
using contract::numbered;
using contract::seconds;

/// Two archives of its store, "cold" (zstd) and "plain" (none), in directories of those names.
class Bench {
 public:
  explicit Bench(const RangeLimits& limits = {});
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  /// From now on another archiver works, which knows nothing of what the last one did.
  void restart();
  /// One with other archives.
  void restart_with(archive::Archives archives);

  Archiver::Step step(std::string_view project = kProject) { return archiver_->step(project); }
  /// Steps until nothing is left to do. How many jobs were written.
  std::uint64_t finish();
  [[nodiscard]] std::uint64_t pending_jobs() const { return archiver_->pending_jobs(); }

  /// Runs when the archiver begins its `number`th call of the store from now on, once.
  void at_call(int number, std::function<void()> action);

  /// Records jobs and purges the whole project by a detach, whose undo window is over then.
  void purge(const std::vector<NewJob>& jobs, const std::string& purge_id = "purge");

  [[nodiscard]] const purgatory::Store& borrowed() const { return borrowed_; }
  [[nodiscard]] fs::path directory(std::string_view archive) const {
    return directory_.path() / archive;
  }
  /// Where the segments of a purge of the project are.
  [[nodiscard]] fs::path segments(std::string_view archive,
                                  std::string_view purge_id = "purge") const {
    return directory(archive) / kProject / purge_id;
  }
  [[nodiscard]] archive::Archives archives() const;

  contract::Store store;

 private:
  processes::TemporaryDirectory directory_;
  RangeLimits limits_;
  Host host_;
  int calls_left_ = 0;
  std::function<void()> at_call_;
  purgatory::Store borrowed_;
  std::optional<Archiver> archiver_;
};

/// "0", "1" ... of one archive, newest first, as a pile has them.
[[nodiscard]] std::vector<NewJob> jobs_for(std::string_view archive, std::size_t count);
/// What a pile of them has.
[[nodiscard]] Ids ids_of(const std::vector<NewJob>& jobs);

}  // namespace purgatory::archive_test

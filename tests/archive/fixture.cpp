#include "tests/archive/fixture.hpp"

#include <utility>

namespace purgatory::archive_test {

Bench::Bench(const RangeLimits& limits)
    : limits_(limits), borrowed_{*store.operator->(), host_, [this] {
                                   if (calls_left_ > 0 && --calls_left_ == 0)
                                     std::exchange(at_call_, nullptr)();
                                   return store.call();
                                 }} {
  restart();
}

void Bench::restart() { restart_with(archives()); }

void Bench::restart_with(archive::Archives archives) {
  archiver_.emplace(borrowed_, std::move(archives), limits_);
}

std::uint64_t Bench::finish() {
  std::uint64_t sum = 0;
  for (Archiver::Step done = step(); done.more; done = step()) sum += done.archived;
  return sum;
}

void Bench::at_call(int number, std::function<void()> action) {
  calls_left_ = number;
  at_call_ = std::move(action);
}

void Bench::purge(const std::vector<NewJob>& jobs, const std::string& purge_id) {
  store.record(jobs);
  store.detach(contract::whole_project(), purge_id);
  store.advance(hours(1));
}

archive::Archives Bench::archives() const {
  return {{"cold", {.directory = directory("cold"), .compress = Compress::zstd}},
          {"plain", {.directory = directory("plain"), .compress = Compress::none}}};
}

std::vector<NewJob> jobs_for(std::string_view archive, std::size_t count) {
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back(a_job(numbered(archive, i))
                       .archive(std::string(archive))
                       .failed_at(1000 - static_cast<std::int64_t>(i)));
  }
  return jobs;
}

Ids ids_of(const std::vector<NewJob>& jobs) {
  Ids ids;
  for (const NewJob& job : jobs) ids.push_back(job.fields.job_id);
  return ids;
}

}  // namespace purgatory::archive_test

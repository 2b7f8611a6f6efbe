// Opening, and what only reads.

#include "purgatory/failed_jobs.hpp"

#include <cstdint>
#include <utility>

#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"

namespace purgatory {

FailedJobs::FailedJobs(std::unique_ptr<State, Closer> state) : state_(std::move(state)) {}
FailedJobs::FailedJobs(FailedJobs&&) noexcept = default;
FailedJobs& FailedJobs::operator=(FailedJobs&&) noexcept = default;
FailedJobs::~FailedJobs() = default;

FailedJobs FailedJobs::open(const Config& config, Host host) {
  return or_exhausted([&] {
    return FailedJobs(std::unique_ptr<State, Closer>(new State(config, std::move(host))));
  });
}

FailedJobs FailedJobs::open(const std::filesystem::path& file, Host host) {
  return or_exhausted([&] { return open(Config::load(file), std::move(host)); });
}

FailedJobs FailedJobs::open(std::string backend, Options options, Host host) {
  Config config;
  config.repository.backend = std::move(backend);
  config.repository.options = std::move(options);
  return open(config, std::move(host));
}

FailedJobRepository& FailedJobs::repository() const noexcept { return *state_->repository; }

Call FailedJobs::begin_call() const { return state_->begin_call(); }

std::optional<StoredJob> FailedJobs::find(std::string_view project, std::string_view group,
                                          std::string_view job_id) const {
  return repository().find(begin_call(), project, group, job_id);
}

std::vector<std::string> FailedJobs::locate(std::string_view project,
                                            std::string_view job_id) const {
  return repository().locate(begin_call(), project, job_id);
}

Page<StoredJob, ListCursor> FailedJobs::list(const Selection& selection,
                                             const std::optional<ListCursor>& after,
                                             std::size_t limit) const {
  return repository().list(begin_call(), selection, after, limit);
}

std::uint64_t FailedJobs::count(const Selection& selection) const {
  return repository().count(begin_call(), selection, UINT64_MAX);
}

std::uint64_t FailedJobs::count(const Everything& everything) const {
  return or_exhausted([&] {
    std::uint64_t jobs = 0;
    for (std::string& project : projects()) {
      jobs += count(Selection{Scope::project(std::move(project)), everything.filter});
    }
    return jobs;
  });
}

std::vector<std::string> FailedJobs::projects() const {
  return or_exhausted([&] {
    std::vector<std::string> projects;
    walk<std::string>([&](const auto& after) { return repository().projects(begin_call(), after); },
                      [&](ProjectInfo& info) {
                        projects.push_back(std::move(info.project));
                        return true;
                      });
    return projects;
  });
}

Partitions FailedJobs::partitions(std::string_view project) const {
  return repository().partitions(begin_call(), project);
}

Page<JournalEntry, JournalCursor> FailedJobs::journal(
    std::string_view project, const std::optional<JournalCursor>& after) const {
  return repository().journal(begin_call(), project, after);
}

}  // namespace purgatory

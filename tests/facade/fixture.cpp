#include "tests/facade/fixture.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

#include "tests/contract/backends.hpp"

namespace purgatory::facade_test {
namespace {

Config changed(Config config, const Service::Change& change) {
  change(config);
  return config;
}

}  // namespace

void Ear::hear(const LogEvent& event) {
  std::string text(event.event);
  for (const auto& [key, value] : event.fields) {
    text += " " + std::string(key) + "=" + std::string(value);
  }
  const std::lock_guard lock(mutex_);
  events_.emplace_back(event.level, std::move(text));
}

void Ear::hear(const Metric& metric) {
  std::string name(metric.name);
  std::string labels;
  for (const auto& [key, value] : metric.labels) {
    labels += (labels.empty() ? "" : ",") + std::string(key) + "=" + std::string(value);
  }
  if (!labels.empty()) name += "{" + labels + "}";
  const std::lock_guard lock(mutex_);
  double& value = metrics_[name];
  value = metric.kind == Metric::Kind::gauge ? metric.value : value + metric.value;
}

std::vector<std::string> Ear::events(LogEvent::Level least) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> texts;
  for (const auto& [level, text] : events_) {
    if (level >= least) texts.push_back(text);
  }
  return texts;
}

double Ear::metric(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = metrics_.find(name);
  return found == metrics_.end() ? 0 : found->second;
}

bool Ear::has_metric(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return metrics_.contains(name);
}

Config config_at(const std::filesystem::path& directory) {
  Config config;
  config.repository.backend = contract::selected_backend().plugin;
  config.repository.timeout = minutes(1);  // a slow machine is no failure
  if (config.repository.backend == "file") {
    config.repository.options.set("path", (directory / "jobs").string())
        .set("durability", "normal");
  }
  return config;
}

Service::Service(const Change& change)
    : jobs_(FailedJobs::open(changed(config_at(directory_.path()), change), host())),
      store_(std::shared_ptr<FailedJobRepository>(std::shared_ptr<void>(), &jobs_.repository())) {}

Host Service::host() {
  Host host;
  host.clock = [this] {
    ++steps_;
    if (meanwhile_) run_meanwhile();
    return now();
  };
  host.log = [this](const LogEvent& event) { ear_.hear(event); };
  host.metric = [this](const Metric& metric) {
    ear_.hear(metric);
    if (after_.action) run_after(metric);
  };
  return host;
}

void Service::run_meanwhile() {
  const std::function<void()> action = std::exchange(meanwhile_, nullptr);
  action();
  meanwhile_ = action;
}

/// The library times each operation, and tells once it is over.
void Service::run_after(const Metric& metric) {
  if (metric.name != "purgatory_backend_operation_duration_seconds") return;
  if (metric.labels[1].value != after_.operation || --after_.count > 0) return;
  std::exchange(after_, {}).action();
}

void Service::advance(milliseconds by) {
  clock_ = now() + by;
  store_.advance(by);
}

RecordResult Service::record(const std::vector<NewJob>& jobs) {
  return jobs_.record(fields_of(jobs));
}

IdSet Service::live(std::string project) const {
  return store_.live(Scope::project(std::move(project)));
}

std::vector<JournalEntry> Service::journal(std::string_view project) const {
  std::vector<JournalEntry> entries;
  std::optional<JournalCursor> after;
  do {
    const auto page = jobs_.journal(project, after);
    entries.insert(entries.end(), page.items.begin(), page.items.end());
    after = page.next;
  } while (after);
  return entries;
}

JournalEntry Service::entry(std::string_view project) const {
  const std::vector<JournalEntry> entries = journal(project);
  if (entries.size() != 1) throw std::logic_error("there is not one purge");
  return entries.front();
}

void Service::reclaim_all() {
  for (const std::string& project : jobs_.projects()) {
    while (jobs_.reclaim(project).more) continue;
  }
}

std::vector<FailedJob> fields_of(const std::vector<NewJob>& jobs) {
  std::vector<FailedJob> fields;
  for (const NewJob& job : jobs) fields.push_back(job.fields);
  return fields;
}

Filter with_code(std::string code) {
  Filter filter;
  filter.error_code = std::move(code);
  return filter;
}

std::vector<NewJob> jobs_with_code(std::size_t count, const std::string& code,
                                   const std::string& project) {
  std::vector<NewJob> jobs = numbered_jobs(count);
  for (NewJob& job : jobs) {
    job.project(project);
    job.fields.error_code = code;
  }
  return jobs;
}

Progress stop_after(int steps) {
  return [left = steps](std::uint64_t) mutable { return --left > 0; };
}

}  // namespace purgatory::facade_test

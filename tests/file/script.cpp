#include "tests/file/script.hpp"

#include <algorithm>

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

std::unique_ptr<FailedJobRepository> open_memory() {
  static const Host host;
  Config config;
  config.repository.backend = "memory";
  return open(config, host);
}

void record_some(Store& store) {
  store.record({a_job("a").failed_at(1).payload_bytes(5000).resource_id("disk"),
                a_job("b").failed_at(2).purge_after(5), a_job("c").group("g").failed_at(3),
                a_job("d").group("g").failed_at(4).archive("s3")},
               {contract::keep_last(9)}, "caps-1");
}

void record_over_bounds(Store& store) {
  store.record({a_job("e").failed_at(5).archive("s3"), a_job("f").failed_at(6),
                a_job("g").failed_at(7).rule("r"), a_job("a").failed_at(8)},
               {contract::keep_last(2)}, "caps-2");
}

void hold_one(Store& store) {
  const auto job = store.find("f");
  if (!job) return;
  Retention retention = job->retention;
  retention.hold = Hold{.actor = "alice", .reason = "evidence", .until = contract::at(9)};
  store.restamp(*job, retention);
}

void remove_some(Store& store) {
  std::vector<StoredJob> jobs = store.list(contract::project_level());
  if (jobs.size() > 1) jobs.resize(1);
  if (!jobs.empty()) store.remove(jobs, "removed");
}

void set_value(Store& store) {
  store->compare_and_set(store.call(), "policy", std::nullopt, "strict");
}

StoredJob without_version(StoredJob job) {
  job.version = 0;
  return job;
}

}  // namespace

const std::vector<Step>& script() {
  static const std::vector<Step> steps{
      {"record", record_some},
      {"record over bounds", record_over_bounds},
      {"hold", hold_one},
      {"detach", [](Store& store) { store.detach(contract::in_group("g"), "detached"); }},
      {"restore", [](Store& store) { store.restore("detached"); }},
      {"remove", remove_some},
      {"forget", [](Store& store) { store.forget("g"); }},
      {"set", set_value},
      {"expire", [](Store& store) { store.expire("removed"); }},
      {"reclaim", [](Store& store) { store.reclaim(); }, true},
  };
  return steps;
}

State state_of(const Store& store) {
  State state;
  for (const StoredJob& listed : store.list()) {
    state.jobs.push_back(without_version(store.get(listed.job.job_id, listed.job.group)));
  }
  state.piles = store.piles();
  for (const Pile& pile : state.piles) {
    std::vector<StoredJob>& jobs = state.trash[pile.purge_id];
    std::ranges::transform(store.trash(pile.purge_id), std::back_inserter(jobs), without_version);
  }
  state.journal = store.journal();
  state.counted = store.count();
  state.setting = store->setting(store.call(), "policy");
  return state;
}

State state_after(const std::vector<std::size_t>& steps) {
  Store store(open_memory());
  for (const std::size_t step : steps) {
    // What an earlier step did not make, a later one does not find: that is an answer too.
    contract::error_of([&] { script()[step].run(store); });
  }
  return state_of(store);
}

}  // namespace purgatory::file_test

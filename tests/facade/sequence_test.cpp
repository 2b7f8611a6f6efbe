// Random sequences of calls beside a plain model of what they mean.

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

constexpr int kSequences = 20;
constexpr int kSteps = 120;

/// What a host would say of its jobs: where each is, no versions, no pages.
class Plain {
 public:
  using Identity = std::tuple<std::string, std::string, std::string>;  // project, group, job_id
  using Jobs = std::map<Identity, FailedJob>;

  static Identity identity_of(const FailedJob& job) { return {job.project, job.group, job.job_id}; }

  RecordResult record(const std::vector<FailedJob>& jobs) {
    RecordResult result;
    for (const FailedJob& job : jobs) {
      const auto [place, inserted] = jobs_.try_emplace(identity_of(job), job);
      if (inserted) {
        ++result.inserted;
      } else if (job.failed_at < place->second.failed_at) {
        ++result.stale;
      } else {
        place->second = job;
        ++result.replaced;
      }
    }
    return result;
  }

  bool forget(const Identity& identity) { return jobs_.erase(identity) > 0; }

  template <typename Matches>
  std::uint64_t purge(const std::string& purge_id, Matches matches) {
    std::uint64_t count = 0;
    for (auto place = jobs_.begin(); place != jobs_.end();) {
      const auto current = place++;
      if (!matches(current->second)) continue;
      trash_[purge_id].insert(jobs_.extract(current));
      ++count;
    }
    return count;
  }

  std::uint64_t restore(const std::string& purge_id) {
    std::uint64_t count = 0;
    Jobs& trash = trash_[purge_id];
    for (auto place = trash.begin(); place != trash.end();) {
      const auto current = place++;
      const auto twin = jobs_.find(current->first);
      if (twin != jobs_.end() && twin->second.failed_at >= current->second.failed_at) continue;
      jobs_.insert_or_assign(current->first, current->second);
      trash.erase(current);
      ++count;
    }
    return count;
  }

  [[nodiscard]] const Jobs& jobs() const noexcept { return jobs_; }

 private:
  Jobs jobs_;
  std::map<std::string, Jobs> trash_;
};

/// One random sequence on both.
class Sequence {
 public:
  explicit Sequence(unsigned seed) : random_(seed) {}

  void run() {
    for (int step = 0; step < kSteps; ++step) {
      INFO("step " << step);
      take_step();
      CHECK(jobs_in_store() == plain_.jobs());
    }
  }

 private:
  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }
  std::string project() { return numbered("p", below(2)); }
  std::string group() { return std::string(below(3), 'g'); }
  std::string code() { return numbered("E", below(3)); }

  FailedJob job() {
    FailedJob job = a_job(numbered("j", below(10)))
                        .project(project())
                        .group(group())
                        .failed_at(static_cast<std::int64_t>(below(20)))
                        .fields;
    job.error_code = code();
    return job;
  }

  void take_step() {
    switch (below(8)) {
      case 0: return purge_scope();
      case 1: return purge_selection();
      case 2: return purge_listed();
      case 3: return below(3) == 0 ? purge_everything() : forget();
      case 4: return restore();
      default: return record();
    }
  }

  void record() {
    std::vector<FailedJob> jobs;
    for (std::size_t i = below(6); i < 6; ++i) jobs.push_back(job());
    CHECK(service_->record(jobs) == plain_.record(jobs));
  }

  void forget() {
    const FailedJob one = job();
    CHECK((service_->forget(one.project, one.group, one.job_id) == Forgotten::forgotten) ==
          plain_.forget(Plain::identity_of(one)));
  }

  void purge_scope() {
    const Scope scope =
        below(2) == 0 ? Scope::project(project()) : Scope::group(project(), group());
    const Receipt receipt = service_->purge(scope, kAlice);
    purges_.push_back(receipt.purge_id);
    CHECK(receipt.jobs == plain_.purge(receipt.purge_id, [&](const FailedJob& job) {
      return job.project == scope.project() && scope.covers(job.group);
    }));
  }

  void purge_selection() {
    const Selection selection{Scope::project(project()), with_code(code())};
    const Receipt receipt = service_->purge(selection, kAlice);
    purges_.push_back(receipt.purge_id);
    CHECK(receipt.jobs == plain_.purge(receipt.purge_id, [&](const FailedJob& job) {
      return job.project == selection.scope.project() &&
             job.error_code == *selection.filter.error_code;
    }));
  }

  void purge_listed() {
    const std::string where = project();
    std::vector<StoredJob> listed = service_->list({Scope::project(where), {}}).items;
    std::ranges::shuffle(listed, random_);
    listed.resize(std::min<std::size_t>(listed.size(), 3));
    const Receipt receipt = service_->purge(where, refs_of(listed), kAlice);
    purges_.push_back(receipt.purge_id);
    CHECK(receipt.jobs == plain_.purge(receipt.purge_id, [&](const FailedJob& job) {
      return std::ranges::any_of(listed, [&](const StoredJob& stored) {
        return Plain::identity_of(stored.job) == Plain::identity_of(job);
      });
    }));
  }

  void purge_everything() {
    const Filter filter = below(2) == 0 ? Filter{} : with_code(code());
    const Receipt receipt = service_->purge(Everything{filter}, kAlice);
    purges_.push_back(receipt.purge_id);
    CHECK(receipt.jobs == plain_.purge(receipt.purge_id, [&](const FailedJob& job) {
      return filter.empty() || job.error_code == *filter.error_code;
    }));
  }

  void restore() {
    if (purges_.empty()) return;
    const std::string& purge_id = purges_[below(purges_.size())];
    const std::uint64_t expected = plain_.restore(purge_id);
    std::uint64_t restored = 0;
    try {
      restored = service_->restore(purge_id).restored;
    } catch (const Error& error) {  // it took nothing
      CHECK(error.code() == ErrorCode::not_found);
    }
    CHECK(restored == expected);
  }

  Plain::Jobs jobs_in_store() {
    Plain::Jobs jobs;
    for (const std::string& project : service_->projects()) {
      for (const StoredJob& stored : service_.store().list(Scope::project(project))) {
        const FailedJob& job = stored.job;
        jobs.emplace(Plain::identity_of(job),
                     service_->find(job.project, job.group, job.job_id)->job);
      }
    }
    return jobs;
  }

  std::mt19937 random_;
  Service service_;
  Plain plain_;
  std::vector<std::string> purges_;
};

TEST_CASE("a sequence of calls leaves what they mean") {
  for (unsigned seed = 0; seed < kSequences; ++seed) {
    INFO("seed " << seed);
    Sequence(seed).run();
  }
}

}  // namespace
}  // namespace purgatory::facade_test

#pragma once

#include <boost/multi_index/composite_key.hpp>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <functional>
#include <mutex>

#include "benchmarks/rivals/entry.hpp"
#include "benchmarks/store.hpp"

namespace purgatory::benchmarks::rivals {

/// Boost.MultiIndex with an index for each question that is asked, under one mutex: nothing is
/// read in vain, but each purged job leaves three indexes and frees its strings under the lock.
class MultiIndexStore {
 public:
  static constexpr std::string_view kName = "multi_index";
  static constexpr bool kPagesByScan = false;

  void record(const Sample& sample);
  void record(std::span<const Sample> samples);
  bool find(std::string_view project, std::string_view group, std::string_view job_id);
  std::size_t page(const Query& query, std::size_t limit);
  std::uint64_t count(std::string_view failure_status);
  std::uint64_t purge_group(std::string_view project, std::string_view group);
  std::uint64_t purge_project(std::string_view project);
  std::uint64_t purge_due(std::string_view project, Time now);
  std::uint64_t purge_all();
  std::uint64_t reclaim() { return 0; }

 private:
  struct Job {
    Identity identity;
    Details details;
  };

  struct ProjectOf {
    using result_type = std::string_view;
    result_type operator()(const Job& job) const noexcept { return job.identity.project; }
  };
  struct GroupOf {
    using result_type = std::string_view;
    result_type operator()(const Job& job) const noexcept { return job.identity.group; }
  };
  struct FailedAtOf {
    using result_type = Time;
    result_type operator()(const Job& job) const noexcept { return job.details.summary.failed_at; }
  };
  struct PurgeAfterOf {
    using result_type = Time;
    result_type operator()(const Job& job) const noexcept {
      return job.details.summary.purge_after;
    }
  };

  struct ByIdentity {};
  struct ByTime {};
  struct ByDue {};
  using Jobs = boost::multi_index_container<
      Job, boost::multi_index::indexed_by<
               boost::multi_index::hashed_unique<
                   boost::multi_index::tag<ByIdentity>,
                   boost::multi_index::member<Job, Identity, &Job::identity>, IdentityHash,
                   IdentityEqual>,
               boost::multi_index::ordered_non_unique<
                   boost::multi_index::tag<ByTime>,
                   boost::multi_index::composite_key<Job, ProjectOf, GroupOf, FailedAtOf>>,
               boost::multi_index::ordered_non_unique<
                   boost::multi_index::tag<ByDue>,
                   boost::multi_index::composite_key<Job, ProjectOf, PurgeAfterOf>>>>;
  using TimeIndex = Jobs::index<ByTime>::type;

  void insert_or_replace(Job job);
  void walk_group(const Query& query, std::size_t limit, std::vector<Listed>& page) const;
  void walk_project(const Query& query, std::size_t limit, std::vector<Listed>& page) const;

  std::mutex mutex_;
  Jobs jobs_;
};

static_assert(Store<MultiIndexStore>);

}  // namespace purgatory::benchmarks::rivals

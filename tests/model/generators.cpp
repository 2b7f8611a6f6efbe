#include "generators.hpp"

namespace purgatory::model {
namespace {

namespace gen = rc::gen;
using std::chrono::milliseconds;

constexpr int kMostOperations = 100;
constexpr milliseconds kFirstFailure{900'000'000};
constexpr milliseconds kLastFailure{253'402'300'799'999};  // 9999-12-31T23:59:59.999Z

/// The library narrows ranges for small sizes; sizes are only for the lengths of lists here.
rc::Gen<std::size_t> dice(std::size_t sides) {
  return gen::resize(rc::kNominalSize, gen::inRange<std::size_t>(0, sides));
}

template <typename Value>
rc::Gen<Value> one_of(std::vector<Value> values) {
  // The first value is the plainest: shrinking goes towards it.
  return gen::map(dice(values.size()), [values](std::size_t index) { return values[index]; });
}

template <typename Value>
rc::Gen<std::optional<Value>> sometimes(std::size_t percent, rc::Gen<Value> some) {
  return gen::mapcat(dice(100), [=](std::size_t thrown) {
    if (thrown < 100 - percent) return gen::just(std::optional<Value>());
    return gen::map(some, [](Value value) { return std::optional(std::move(value)); });
  });
}

template <typename Value>
rc::Gen<std::vector<Value>> up_to(int most, rc::Gen<Value> each) {
  return gen::resize(most, gen::container<std::vector<Value>>(std::move(each)));
}

/// Any of them, but more often the first two: so operations meet more often.
rc::Gen<std::string> skewed(std::vector<std::string> values) {
  const std::vector<std::string> first(values.begin(), values.begin() + 2);
  for (int i = 0; i < 2; ++i) values.insert(values.begin(), first.begin(), first.end());
  return one_of(std::move(values));
}

rc::Gen<std::string> group() { return skewed(groups()); }
rc::Gen<std::string> job_id() { return skewed(job_ids()); }
rc::Gen<std::string> purge_id() { return one_of(purge_ids()); }
rc::Gen<std::optional<std::string>> scope() { return sometimes(60, group()); }

rc::Gen<Time> failed_at() {
  std::vector<Time> times;
  for (int i = 0; i < 5; ++i) times.emplace_back(kFirstFailure + milliseconds(i));
  times.emplace_back();
  times.emplace_back(kLastFailure);
  return one_of(std::move(times));
}

/// Moments around those that a sequence's clock passes.
rc::Gen<Time> soon() {
  return gen::map(one_of<int>({0, -1, 1, 5'000, 20'000, 60'000}),
                  [](int offset) { return kStart + milliseconds(offset); });
}

rc::Gen<std::string> error_code() { return one_of<std::string>({"", "E1", "E10", "e*"}); }
rc::Gen<std::string> job_type() { return one_of<std::string>({"", "mail", "mail.send"}); }
rc::Gen<std::string> status() { return one_of<std::string>({"", "failed"}); }
rc::Gen<std::string> rule() { return one_of<std::string>({"", "old", "new"}); }

rc::Gen<Stamp> stamp() {
  return gen::build<Stamp>(gen::set(&Stamp::rule, rule()),
                           gen::set(&Stamp::purge_after, sometimes(60, soon())),
                           gen::set(&Stamp::archive, one_of<std::string>({"", "", "tape"})),
                           gen::set(&Stamp::rule_hold, one_of<std::string>({"", "", "", "law"})));
}

rc::Gen<FailedJob> failed_job() {
  return gen::build<FailedJob>(
      gen::set(&FailedJob::group, group()), gen::set(&FailedJob::job_id, job_id()),
      gen::set(&FailedJob::job_type, job_type()),
      gen::set(&FailedJob::resource_type, one_of<std::string>({"", "disk"})),
      gen::set(&FailedJob::resource_id, one_of(resource_ids())),
      gen::set(&FailedJob::resource_name, one_of<std::string>({"", "a", "ab", "b"})),
      gen::set(&FailedJob::failure_status, status()),
      gen::set(&FailedJob::error_code, error_code()),
      gen::set(&FailedJob::fail_reason, one_of<std::string>({"", std::string("\n\0}", 3)})),
      gen::set(&FailedJob::attempts, one_of<std::uint32_t>({0, 1, 4'000'000'000})),
      gen::set(&FailedJob::labels,
               one_of<std::map<std::string, std::string>>({{}, {}, {{"k", ""}, {"zone", "eu"}}})),
      gen::set(&FailedJob::failed_at, failed_at()),
      gen::set(&FailedJob::payload,
               one_of<std::string>({"", "x", std::string(40, '\0'), std::string(100, '\xFF')})));
}

rc::Gen<Hold> hold() {
  return gen::build<Hold>(gen::set(&Hold::actor, one_of<std::string>({"ann", ""})),
                          gen::set(&Hold::reason, one_of<std::string>({"", "audit"})),
                          gen::set(&Hold::until, sometimes(60, soon())));
}

rc::Gen<Retention> retention() {
  const auto with_not_before = gen::map(gen::pair(stamp(), sometimes(30, soon())), [](auto both) {
    both.first.not_before = both.second;
    return both.first;
  });
  return gen::build<Retention>(gen::set(&Retention::stamp, with_not_before),
                               gen::set(&Retention::hold, sometimes(35, hold())),
                               gen::set(&Retention::resolved_at, sometimes(30, soon())));
}

rc::Gen<NoteSpec> note() {
  return gen::build<NoteSpec>(
      gen::set(&NoteSpec::purge_id, purge_id()),
      gen::set(
          &NoteSpec::undo_window,
          one_of<milliseconds>({milliseconds(600'000), milliseconds(600'000), milliseconds(60'000),
                                milliseconds(60'000), milliseconds(10'000), milliseconds(0),
                                milliseconds(-5'000)})));
}

/// At most one bound a group.
rc::Gen<std::vector<BoundSpec>> bounds() {
  const auto one = gen::build<BoundSpec>(
      gen::set(&BoundSpec::group, group()),
      gen::set(&BoundSpec::jobs, sometimes(70, one_of<std::uint64_t>({1, 2, 3, 4, 0}))),
      gen::set(&BoundSpec::bytes, sometimes(40, one_of<std::uint64_t>({1000, 400, 250, 150}))));
  const auto some = gen::resize(2, gen::uniqueBy<std::vector<BoundSpec>>(
                                       one, [](const BoundSpec& bound) { return bound.group; }));
  return gen::mapcat(dice(2), [=](std::size_t thrown) {
    return thrown == 0 ? gen::just(std::vector<BoundSpec>()) : some;
  });
}

rc::Gen<RefSpec> ref_spec() {
  return gen::build<RefSpec>(
      gen::set(&RefSpec::group, group()), gen::set(&RefSpec::job_id, job_id()),
      gen::set(&RefSpec::which, one_of<Which>({Which::current, Which::current, Which::current,
                                               Which::trashed, Which::wrong})));
}

rc::Gen<JobSpec> job_spec() {
  return gen::build<JobSpec>(gen::set(&JobSpec::job, failed_job()),
                             gen::set(&JobSpec::stamp, stamp()));
}

rc::Gen<ChangeSpec> change_spec() {
  return gen::build<ChangeSpec>(gen::set(&ChangeSpec::ref, ref_spec()),
                                gen::set(&ChangeSpec::retention, sometimes(85, retention())));
}

rc::Gen<Filter> filter() {
  return gen::build<Filter>(
      gen::set(&Filter::failure_status, sometimes(15, status())),
      gen::set(&Filter::resource_type, sometimes(10, one_of<std::string>({"", "disk"}))),
      gen::set(&Filter::resource_id, sometimes(10, one_of(resource_ids()))),
      gen::set(&Filter::job_type, sometimes(15, one_of<std::string>({"mail*", "*", "mail"}))),
      gen::set(&Filter::error_code, sometimes(15, one_of<std::string>({"E1", "E?*", "e*"}))),
      gen::set(&Filter::resource_name, sometimes(15, one_of<std::string>({"a*", "?", "b"}))),
      gen::set(&Filter::literal, one_of<bool>({false, false, true})),
      gen::set(&Filter::rule, sometimes(15, rule())),
      gen::set(&Filter::failed_from, sometimes(15, failed_at())),
      gen::set(&Filter::failed_before, sometimes(15, failed_at())),
      gen::set(&Filter::held, sometimes(15, one_of<bool>({false, true}))),
      gen::set(&Filter::resolved, sometimes(15, one_of<bool>({false, true}))));
}

rc::Gen<ListCursor> list_cursor() {
  return gen::build<ListCursor>(gen::set(&ListCursor::failed_at, failed_at()),
                                gen::set(&ListCursor::job_id, job_id()),
                                gen::set(&ListCursor::group, group()));
}

rc::Gen<std::uint64_t> few() { return one_of<std::uint64_t>({1000, 1, 2, 3}); }
rc::Gen<std::uint64_t> few_bytes() { return one_of<std::uint64_t>({1'000'000, 1, 150, 300}); }
rc::Gen<std::size_t> limit() { return one_of<std::size_t>({1000, 1, 2, 5}); }

using What = decltype(Operation::what);

template <typename Kind, typename... Bindings>
rc::Gen<What> build(const Bindings&... bindings) {
  return gen::map(gen::build<Kind>(bindings...), [](Kind kind) { return What(std::move(kind)); });
}

rc::Gen<What> write() {
  return gen::resize(
      rc::kNominalSize,
      gen::weightedOneOf<What>(
          {{10,
            build<Record>(gen::set(&Record::jobs, up_to(8, job_spec())),
                          gen::set(&Record::bounds, bounds()), gen::set(&Record::note, note()))},
           {1, build<Record>(gen::set(&Record::bounds, bounds()), gen::set(&Record::note, note()))},
           {1, build<Forget>(gen::set(&Forget::group, group()), gen::set(&Forget::job_id, job_id()),
                             gen::set(&Forget::if_version,
                                      sometimes(60, one_of<Which>({Which::current, Which::trashed,
                                                                   Which::wrong}))))},
           {4, build<Detach>(gen::set(&Detach::group, scope()), gen::set(&Detach::note, note()))},
           {5, build<Remove>(gen::set(&Remove::refs, up_to(8, ref_spec())),
                             gen::set(&Remove::note, note()))},
           {10, build<Restore>(gen::set(&Restore::purge_id, purge_id()),
                               gen::set(&Restore::restorable, one_of<bool>({false, true, true})),
                               gen::set(&Restore::not_before, soon()),
                               gen::set(&Restore::bounds, bounds()),
                               gen::set(&Restore::budget_jobs, few()),
                               gen::set(&Restore::budget_bytes, few_bytes()),
                               gen::set(&Restore::resume, one_of<bool>({false, true})))},
           {5, build<RestampJobs>(gen::set(&RestampJobs::changes, up_to(5, change_spec())))},
           {1, build<Seal>(gen::set(&Seal::purge_id, purge_id()))},
           {1, build<Archived>(gen::set(&Archived::purge_id, purge_id()))},
           {1, build<Expire>(gen::set(&Expire::purge_id, purge_id()))},
           {2, build<Reclaim>(gen::set(&Reclaim::budget_jobs, few()),
                              gen::set(&Reclaim::budget_bytes, few_bytes()))}}));
}

rc::Gen<What> other() {
  return gen::resize(
      rc::kNominalSize,
      gen::weightedOneOf<What>(
          {{1, build<TrimJournal>(gen::set(&TrimJournal::age,
                                           one_of<milliseconds>({milliseconds(0), milliseconds(-1),
                                                                 milliseconds(10'000)})))},
           {4, build<List>(gen::set(&List::group, scope()), gen::set(&List::filter, filter()),
                           gen::set(&List::after, sometimes(40, list_cursor())),
                           gen::set(&List::limit, limit()))},
           {3, build<Count>(gen::set(&Count::group, scope()), gen::set(&Count::filter, filter()),
                            gen::set(&Count::at_most, few()))},
           {1, build<Due>(gen::set(&Due::limit, limit()))},
           {1, build<WithResource>(gen::set(&WithResource::group, scope()),
                                   gen::set(&WithResource::resource_id, one_of(resource_ids())),
                                   gen::set(&WithResource::limit, limit()))},
           {1,
            build<TakeLease>(gen::set(&TakeLease::name, one_of<std::string>({"purger", "other"})),
                             gen::set(&TakeLease::owner, one_of<std::string>({"me", "you"})),
                             gen::set(&TakeLease::ttl,
                                      one_of<milliseconds>({milliseconds(10'000), milliseconds(0),
                                                            milliseconds(1)})))},
           {1, build<CompareAndSet>(
                   gen::set(&CompareAndSet::name, one_of<std::string>({"policy", "other"})),
                   gen::set(&CompareAndSet::expected,
                            sometimes(60, one_of<std::string>({"", "one", "two"}))),
                   gen::set(&CompareAndSet::desired, one_of<std::string>({"one", "two", ""})))}}));
}

rc::Gen<Operation> operation() {
  // Mostly it stands still, or undo windows would be over before much could happen in them.
  const auto advance = gen::map(
      sometimes(30, one_of<milliseconds>({milliseconds(1), milliseconds(1'000), milliseconds(5'000),
                                          milliseconds(10'000), milliseconds(29'999),
                                          milliseconds(30'000), milliseconds(31'000),
                                          milliseconds(-1), milliseconds(-31'000)})),
      [](const std::optional<milliseconds>& moved) { return moved.value_or(milliseconds(0)); });
  return gen::build<Operation>(
      gen::set(&Operation::advance, advance),
      gen::set(&Operation::project,
               one_of<std::string>({projects()[0], projects()[0], projects()[0], projects()[0],
                                    projects()[0], projects()[1]})),
      gen::set(&Operation::what, gen::weightedOneOf<What>({{3, write()}, {1, other()}})));
}

}  // namespace

rc::Gen<Sequence> sequences() {
  return gen::map(up_to(kMostOperations, operation()), [](std::vector<Operation> operations) {
    return Sequence{std::move(operations)};
  });
}

}  // namespace purgatory::model

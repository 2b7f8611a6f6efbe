#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "benchmarks/workload.hpp"

namespace purgatory::benchmarks {

/// Which jobs a page shows.
struct Query {
  std::string project;
  std::optional<std::string> group;
  std::optional<std::string> failure_status;
};

/// What a client of a stall asks of a store. Every function may be called by any thread.
template <typename Candidate>
concept Asked = requires(Candidate& store, const Sample& sample, const Query& query,
                         std::string_view text, std::size_t limit) {
  store.record(sample);
  { store.find(text, text, text) } -> std::same_as<bool>;
  { store.page(query, limit) } -> std::same_as<std::size_t>;
};

/// What each store can do here, ours and those that people write instead. Every function may be
/// called by any thread. Purges return how many jobs they took; afterwards nobody sees them.
template <typename Candidate>
concept Store = std::default_initializable<Candidate> && Asked<Candidate> &&
    requires(Candidate& store, std::span<const Sample> samples, std::string_view text, Time time) {
  { Candidate::kName } -> std::convertible_to<std::string_view>;
  { Candidate::kPagesByScan } -> std::convertible_to<bool>;
  store.record(samples);                                 // all of one project
  { store.count(text) } -> std::same_as<std::uint64_t>;  // with this failure_status
  { store.purge_group(text, text) } -> std::same_as<std::uint64_t>;
  { store.purge_project(text) } -> std::same_as<std::uint64_t>;
  { store.purge_due(text, time) } -> std::same_as<std::uint64_t>;
  { store.purge_all() } -> std::same_as<std::uint64_t>;
  // Frees what a purge put aside; nothing where purging frees at once.
  { store.reclaim() } -> std::same_as<std::uint64_t>;
};

}  // namespace purgatory::benchmarks

#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "purgatory/limits.hpp"
#include "purgatory/purge.hpp"
#include "purgatory/results.hpp"
#include "purgatory/selection.hpp"

/// What repository.hpp documents about arguments, once for every backend. Each function throws
/// Error{invalid_argument} naming the argument, its value and the limit.
namespace purgatory::arguments {

void check_project(std::string_view project);
void check_identity(std::string_view project, std::string_view group, std::string_view job_id);
void check_purge_id(std::string_view project, std::string_view purge_id);
void check_scope(const Scope& scope);
void check_limit(std::size_t limit);
void check_budget(const Budget& budget);
/// Whoever asks for a purge has a name. (What caps evict nobody asked for.)
void check_actor(std::string_view actor);
void check_undo_window(std::chrono::milliseconds undo_window);
void check_note(const PurgeNote& note, const Limits& limits);
void check_record(std::string_view project, std::span<const Recording> jobs,
                  std::span<const Bound> bounds, const PurgeNote& note, const Limits& limits);
void check_bounds(std::span<const Bound> bounds);
/// No job may be larger than the bound of its group: it could not stay.
void check_fits(const Bound& bound, const FailedJob& job);
void check_refs(std::string_view project, std::span<const JobRef> refs);
void check_restamp(std::string_view project, std::span<const Restamp> changes,
                   const Limits& limits);
void check_resource(std::string_view project, std::optional<std::string_view> group,
                    std::string_view resource_id);
void check_lease(std::string_view name, std::string_view owner, std::chrono::milliseconds ttl);
void check_setting(std::string_view name, std::string_view value);

}  // namespace purgatory::arguments

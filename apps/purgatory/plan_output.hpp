#pragma once

#include <functional>

#include "apps/purgatory/context.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::cli {

/// Makes a plan by `make`, with a bar of the jobs that were looked at, of `total` if that is known.
/// Throws Failure{interrupted}.
[[nodiscard]] Plan make_plan(const Context& context, std::optional<std::uint64_t> total,
                             const std::function<Plan(const Progress&)>& make);

/// Prints a plan: a table of what would go and its total, or what `read_plan` reads.
void print_plan(const Context& context, const Plan& plan);
/// Says what the table does not show: what stays, and why it may not go as planned.
void say_of_plan(Context& context, const Plan& plan);

/// The dry run of a purge of one job that is not held. It is no plan that could be applied: no
/// predicate of a plan selects a single job.
void print_plan_of(const Context& context, const StoredJob& stored);

/// Says that this policy is not the active one, and how to make it that; `consequence` stands
/// behind which one is: "nothing is purged by this one".
void say_not_active(Context& context, std::string_view consequence);

}  // namespace purgatory::cli

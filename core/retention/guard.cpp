#include "core/retention/guard.hpp"

#include <fmt/format.h>

#include <ctime>

namespace purgatory::retention {
namespace {

constexpr std::string_view kWayOut =
    "to allow it: purgatory policy activate --override-guard, or FailedJobs::activate_policy with "
    "override_guard";

bool exceeds_fraction(const GuardSettings& settings, const Impact& impact) noexcept {
  return !impact.project.empty() && impact.jobs > settings.min_jobs &&
         impact.jobs * 100 > static_cast<std::uint64_t>(settings.max_fraction) * impact.of;
}

std::string counted_text(const GuardSettings& settings, const Impact& impact) {
  const std::string what =
      impact.project.empty()
          ? fmt::format("{} jobs", impact.jobs)
          : fmt::format("{} of {} jobs of project '{}'", impact.jobs, impact.of, impact.project);
  const std::string limit = exceeds_fraction(settings, impact)
                                ? fmt::format("max_fraction is {}%, beyond min_jobs {}",
                                              settings.max_fraction, settings.min_jobs)
                                : fmt::format("max_jobs is {}", settings.max_jobs);
  return fmt::format("the change of the policy would purge {} at once (retention.guard: {})", what,
                     limit);
}

std::string text_of(ClockWatch::Passed time) {
  using std::chrono::hours;
  const double seconds = std::chrono::duration<double>(std::chrono::abs(time)).count();
  if (seconds >= 2 * 86400) return fmt::format("{:.1f} days", seconds / 86400);
  if (seconds >= 2 * 3600) return fmt::format("{:.1f} hours", seconds / 3600);
  return fmt::format("{:.0f} seconds", seconds);
}

}  // namespace

bool exceeds(const GuardSettings& settings, const Impact& impact) noexcept {
  return !impact.counted || impact.jobs > settings.max_jobs || exceeds_fraction(settings, impact);
}

std::string text_of(const GuardSettings& settings, const Impact& impact) {
  return fmt::format("{}: nothing goes sooner than it did, and no cap is lowered; {}",
                     impact.counted
                         ? counted_text(settings, impact)
                         : fmt::format("what the change of the policy would purge of "
                                       "project '{}' cannot be counted, as it is damaged",
                                       impact.project),
                     kWayOut);
}

std::optional<ClockWatch::Passed> ClockWatch::jump(Time wall, Passed since_boot) noexcept {
  const Passed now = offset(wall, since_boot);
  const Passed jump = now - offset_.value_or(now);
  if (std::chrono::abs(jump) > limit_) return jump;
  offset_ = now;  // clocks drift, and are set right little by little
  return std::nullopt;
}

ClockWatch::Passed ClockWatch::since_boot() noexcept {
  std::timespec time{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<Passed>(std::chrono::seconds(time.tv_sec) +
                                            std::chrono::nanoseconds(time.tv_nsec));
}

std::string text_of_jump(ClockWatch::Passed jump) {
  return fmt::format(
      "the clock jumped {} by {} (retention.guard.clock_jump): nothing is purged or freed before "
      "it is right again or somebody confirms it; {} (which also allows what the guard refuses of "
      "a "
      "change of the policy); or start the process anew",
      jump.count() > 0 ? "ahead" : "back", text_of(jump), kWayOut);
}

}  // namespace purgatory::retention

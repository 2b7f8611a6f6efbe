#pragma once

#include <filesystem>
#include <string>

#include "core/archive/range.hpp"
#include "purgatory/config.hpp"

/// What the program that is killed and the test that does so agree on.
namespace purgatory::archive_test {

inline constexpr std::string_view kKilledProject = "shop";
inline constexpr archive::RangeLimits kSmallRanges{.jobs = 2};
inline constexpr Time kPurgeTime{std::chrono::hours(24 * 365 * 50)};
inline constexpr Time kWorkerTime = kPurgeTime + std::chrono::hours(1);

inline Config config_of(const std::filesystem::path& store) {
  Config config;
  config.repository.backend = "file";
  config.repository.options.set("path", store.string()).set("durability", "full");
  return config;
}

inline archive::Archives archives_in(const std::filesystem::path& directory) {
  using Compress = Config::Retention::Archive::Compress;
  return {{"cold", {.directory = directory / "cold", .compress = Compress::zstd}},
          {"plain", {.directory = directory / "plain", .compress = Compress::none}}};
}

}  // namespace purgatory::archive_test

#pragma once

#include <string>
#include <string_view>

/// Who owns what: all drivers write into one project and each into one of its own, but each only
/// into its own groups, purges and settings, whose names begin with its digit.
namespace purgatory::crash {

inline constexpr std::string_view kShared = "shared";
inline constexpr std::string_view kSetting = "setting";

inline std::string owned(std::size_t driver, std::string_view name) {
  return std::to_string(driver).append("-").append(name);
}

inline std::string own_project(std::size_t driver) { return "own" + std::to_string(driver); }

/// The driver that a group or purge of a project belongs to.
inline std::size_t owner(std::string_view project, std::string_view name) {
  return static_cast<std::size_t>((name.empty() ? project.back() : name.front()) - '0');
}

}  // namespace purgatory::crash

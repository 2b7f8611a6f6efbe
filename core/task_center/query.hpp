#pragma once

#include <boost/url/params_view.hpp>
#include <cstdint>
#include <string>

#include "purgatory/selection.hpp"

/// What GET asks for.
namespace purgatory::task_center {

inline constexpr std::uint64_t kMostPerPage = 1000;

struct Query {
  Selection selection;
  std::uint64_t limit = kMostPerPage;
  std::uint64_t offset = 0;
};

/// Reads the parameters; unknown ones are ignored. Throws Refused{400} if a known one is wrong,
/// empty or there twice.
[[nodiscard]] Query read_query(const boost::urls::params_view& parameters,
                               const std::string& project);

}  // namespace purgatory::task_center

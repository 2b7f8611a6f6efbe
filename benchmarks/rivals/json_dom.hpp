#pragma once

#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

/// Lines of JSON as a program reads and writes them that has no code of its own for them: through
/// Boost.JSON's tree. It takes unknown fields and duplicate keys, and has nothing for bytes that
/// are not UTF-8.
namespace purgatory::benchmarks::rivals {

struct JsonDom {
  static constexpr std::string_view kName = "boost_json_tree";

  [[nodiscard]] static FailedJob parse(std::string_view line);
  static void append(std::string& out, const FailedJob& job);
};

}  // namespace purgatory::benchmarks::rivals

#pragma once

#include <filesystem>
#include <vector>

#include "purgatory/failed_job.hpp"

namespace tour {

/// Reads a file of failed jobs, one JSON object a line (see examples/data/README.md). Throws
/// std::runtime_error naming file, line and field.
std::vector<purgatory::FailedJob> import_jobs(const std::filesystem::path& file);

}  // namespace tour

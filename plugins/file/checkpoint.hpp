#pragma once

#include <cstdint>

#include "plugins/file/connection.hpp"

namespace purgatory::file {

enum class Checkpoint {
  passive,   ///< Copies what nobody is in the way of.
  restart,   ///< Waits for all readers until the deadline, then the log begins anew.
  truncate,  ///< The same, and the log is cut to nothing.
};

/// Copies the log into the file. Returns how many pages of the log are in the file now. Throws
/// SqliteError; another process that is at it is no error.
std::int64_t checkpoint(Connection& connection, Checkpoint kind);

}  // namespace purgatory::file

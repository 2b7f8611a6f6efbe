#pragma once

#include <stdexcept>
#include <string>

#include "purgatory/error.hpp"

namespace purgatory::cli {

/// What the program returns; the numbers are those of sysexits.h, and 128 + n after signal n.
enum class ExitCode {
  done = 0,
  not_found = 1,     ///< The named job or purge is not there.
  usage = 64,        ///< The command line is wrong.
  bad_data = 65,     ///< What was read is wrong: a line of an import, a job over a limit.
  no_input = 66,     ///< A file to read is not there.
  unavailable = 69,  ///< The store could not be reached.
  internal = 70,     ///< A defect of this program.
  io = 74,           ///< The disk is full, the store is damaged, nobody reads the output.
  temporary = 75,    ///< Another state is in the way, or the outcome is unknown: repeat it.
  permission = 77,
  config = 78,  ///< The configuration, or a plugin.
  interrupted = 130,
};

[[nodiscard]] ExitCode exit_code_of(ErrorCode code) noexcept;

/// Ends the command with a message and a code.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

}  // namespace purgatory::cli

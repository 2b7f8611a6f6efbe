#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include "purgatory/error.hpp"

namespace purgatory::cli {

/// What the program returns; the numbers are those of sysexits.h, and 128 + n after signal n.
enum class ExitCode {
  done = 0,
  not_found = 1,
  found = 2,
  usage = 64,
  bad_data = 65,
  no_input = 66,
  unavailable = 69,
  internal = 70,
  io = 74,
  temporary = 75,
  permission = 77,
  config = 78,
  interrupted = 130,
};

struct ExitMeaning {
  ExitCode code;
  std::string_view text;
};
/// What each code means, for people; all of them, in order.
inline constexpr auto kExitMeanings = std::to_array<ExitMeaning>({
    {ExitCode::done, "Done."},
    {ExitCode::not_found, "The named job or purge is not there, or the job is not held."},
    {ExitCode::found, "The plan has jobs, and --exit-code was given."},
    {ExitCode::usage, "The command line is wrong."},
    {ExitCode::bad_data,
     "What was read is wrong: a line of an import, a plan, a segment of an archive, a job over a "
     "limit."},
    {ExitCode::no_input, "A file to read is not there."},
    {ExitCode::unavailable, "The store could not be reached."},
    {ExitCode::internal, "A defect of this program."},
    {ExitCode::io, "The disk is full, the store is damaged, nobody reads the output."},
    {ExitCode::temporary,
     "Another state is in the way, or the outcome is unknown: repeating it is safe."},
    {ExitCode::permission, "The system, or a guard against purging too much, does not allow it."},
    {ExitCode::config, "The configuration is wrong, or a plugin was refused."},
    {ExitCode::interrupted, "It was interrupted, or the answer to its question was no."},
});

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

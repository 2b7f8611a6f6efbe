#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace purgatory {

/// What the caller can do next, the same on every backend.
enum class ErrorCode {
  invalid_argument,  ///< The call breaks a documented limit: change the call. Nothing was written.
  not_found,         ///< The named purge is not there (absence of a job is no error).
  conflict,          ///< Another state is in the way (held, sealed, restoring): read again, decide.
  unavailable,       ///< The store could not be reached; nothing was written: repeat later.
  timeout,           ///< The deadline passed before anything was written: repeat with more time.
  outcome_unknown,   ///< The answer was lost: it may or may not have happened. Repeating is safe.
  corrupt,           ///< Stored bytes fail their checksum or form: run the store's check.
  permission,        ///< The store or the file system refuses this user.
  unsupported,       ///< This backend has no such thing.
  exhausted,         ///< No room left: purge, expire trash, or raise the bound.
  config,            ///< The configuration is wrong; the message says file, line and column.
  plugin,            ///< A plugin was refused or broke its contract.
  guard,             ///< A policy change would purge too much; the message names the override.
};

/// The code's name as written above ("invalid_argument").
std::string_view to_string(ErrorCode code) noexcept;

/// The only exception that leaves this library. The message names the thing, the value, the place
/// and the way out, never a secret. Copying does not throw.
class Error : public std::runtime_error {
 public:
  /// `backend` is a plugin's name (at most 32 bytes are kept), empty for the core itself.
  Error(ErrorCode code, const std::string& message, std::string_view backend = {});

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

  /// The backend that failed ("memory"), or empty.
  [[nodiscard]] std::string_view backend() const noexcept { return backend_.data(); }

  /// True if the same call, unchanged, may succeed later: unavailable, timeout, outcome_unknown.
  [[nodiscard]] bool retryable() const noexcept;

 private:
  ErrorCode code_;
  std::array<char, 33> backend_{};
};

}  // namespace purgatory

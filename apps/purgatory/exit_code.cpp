#include "apps/purgatory/exit_code.hpp"

namespace purgatory::cli {

ExitCode exit_code_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return ExitCode::bad_data;
    case ErrorCode::not_found: return ExitCode::not_found;
    case ErrorCode::conflict:
    case ErrorCode::timeout:
    case ErrorCode::outcome_unknown: return ExitCode::temporary;
    case ErrorCode::unavailable: return ExitCode::unavailable;
    case ErrorCode::corrupt:
    case ErrorCode::exhausted: return ExitCode::io;
    case ErrorCode::permission:
    case ErrorCode::guard: return ExitCode::permission;
    case ErrorCode::unsupported: return ExitCode::usage;
    case ErrorCode::config:
    case ErrorCode::plugin: return ExitCode::config;
  }
  return ExitCode::internal;
}

}  // namespace purgatory::cli

#include "purgatory/error.hpp"

#include <algorithm>

namespace purgatory {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::outcome_unknown: return "outcome_unknown";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::permission: return "permission";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::exhausted: return "exhausted";
    case ErrorCode::config: return "config";
    case ErrorCode::plugin: return "plugin";
    case ErrorCode::guard: return "guard";
  }
  return "unknown";
}

Error::Error(ErrorCode code, const std::string& message, std::string_view backend)
    : std::runtime_error(message), code_(code) {
  std::copy_n(backend.begin(), std::min(backend.size(), backend_.size() - 1), backend_.begin());
}

bool Error::retryable() const noexcept {
  return code_ == ErrorCode::unavailable || code_ == ErrorCode::timeout ||
         code_ == ErrorCode::outcome_unknown;
}

}  // namespace purgatory

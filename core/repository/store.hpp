#pragma once

#include <functional>

#include "purgatory/error.hpp"
#include "purgatory/host.hpp"
#include "purgatory/repository.hpp"

namespace purgatory {

/// How work of several steps begins its calls, each with a deadline of its own.
using BeginCall = std::function<Call()>;

/// A repository, and what work of several steps on it needs. Borrows; any thread.
struct Store {
  FailedJobRepository& repository;
  const Host& host;
  BeginCall begin_call;
};

/// Whether an error is one of the whole store, which further calls would meet as well: not one of a
/// project, nor of an archive.
[[nodiscard]] inline bool is_down(const Error& error) noexcept {
  return !error.backend().empty() &&
         (error.code() == ErrorCode::unavailable || error.code() == ErrorCode::outcome_unknown);
}

}  // namespace purgatory

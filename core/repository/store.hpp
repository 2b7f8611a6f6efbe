#pragma once

#include <functional>

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

}  // namespace purgatory

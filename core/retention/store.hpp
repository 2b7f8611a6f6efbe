#pragma once

#include <functional>

#include "purgatory/host.hpp"
#include "purgatory/repository.hpp"

namespace purgatory::retention {

/// How work of several steps begins its calls, each with a deadline of its own.
using BeginCall = std::function<Call()>;

/// Where the policy is applied. Borrows; any thread.
struct Store {
  FailedJobRepository& repository;
  const Host& host;
  BeginCall begin_call;
};

}  // namespace purgatory::retention

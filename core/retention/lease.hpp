#pragma once

#include <chrono>
#include <string>

#include "core/repository/store.hpp"

namespace purgatory::retention {

/// That of the one purger of a store: of several processes one does the work.
class Lease {
 public:
  Lease(const Store& store, std::chrono::milliseconds ttl);

  /// Takes it, or renews it once half of its time is over. False: another process has it.
  bool hold();
  /// Lets another process have it.
  void give_up() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  const Store& store_;
  const std::chrono::milliseconds ttl_;
  const std::string owner_;
  bool held_ = false;
  Clock::time_point renewal_{};
};

}  // namespace purgatory::retention

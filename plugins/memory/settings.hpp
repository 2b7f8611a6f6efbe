#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

namespace purgatory::memory {

/// The store-wide values and leases. Any thread.
class Settings {
 public:
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
  std::optional<std::string> compare_and_set(std::string_view name,
                                             std::optional<std::string_view> expected,
                                             std::string_view desired);
  bool lease(Time now, std::string_view name, std::string_view owner,
             std::chrono::milliseconds ttl);

 private:
  struct Lease {
    std::string owner;
    Time expires_at;
    std::chrono::milliseconds ttl;

    [[nodiscard]] bool runs(Time now) const noexcept {
      return now < expires_at && expires_at <= now + ttl;  // further away: the clock went back
    }
  };

  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, Lease, std::less<>> leases_;
};

}  // namespace purgatory::memory

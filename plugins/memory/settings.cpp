#include "plugins/memory/settings.hpp"

namespace purgatory::memory {

std::optional<std::string> Settings::get(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> Settings::compare_and_set(std::string_view name,
                                                     std::optional<std::string_view> expected,
                                                     std::string_view desired) {
  const std::scoped_lock lock(mutex_);
  const auto found = values_.find(name);
  if (found == values_.end()) {
    if (expected) return std::nullopt;
    return values_.emplace(name, desired).first->second;
  }
  if (expected == found->second) found->second = desired;
  return found->second;
}

bool Settings::lease(Time now, std::string_view name, std::string_view owner,
                     std::chrono::milliseconds ttl) {
  const std::scoped_lock lock(mutex_);
  const auto found = leases_.find(name);
  const bool mine = found != leases_.end() && found->second.owner == owner;
  if (found != leases_.end() && !mine && found->second.runs(now)) return false;
  if (ttl.count() == 0) {
    if (mine) leases_.erase(found);
    return false;
  }
  leases_.insert_or_assign(std::string(name), Lease{std::string(owner), now + ttl, ttl});
  return true;
}

}  // namespace purgatory::memory

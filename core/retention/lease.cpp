#include "core/retention/lease.hpp"

#include <fmt/format.h>

namespace purgatory::retention {
namespace {

constexpr std::string_view kName = "purgatory.purger";

}  // namespace

Lease::Lease(const Store& store, std::chrono::milliseconds ttl)
    : store_(store), ttl_(ttl), owner_(fmt::format("{:016x}", store.host.random())) {}

bool Lease::hold() {
  if (held_ && Clock::now() < renewal_) return true;
  const Clock::time_point renewal = Clock::now() + ttl_ / 2;
  held_ = store_.repository.lease(store_.begin_call(), kName, owner_, ttl_);
  renewal_ = renewal;
  return held_;
}

void Lease::give_up() noexcept {
  if (!held_) return;
  held_ = false;
  try {
    store_.repository.lease(store_.begin_call(), kName, owner_, std::chrono::milliseconds(0));
  } catch (...) {  // then it runs out
  }
}

}  // namespace purgatory::retention

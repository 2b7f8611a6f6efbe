#include "purgatory/host.hpp"

#include <fmt/format.h>

#include <random>

namespace purgatory {

Time Host::system_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::uint64_t Host::system_random() {
  thread_local std::random_device device;  // no sequence of its own: safe after fork
  return (std::uint64_t{device()} << 32U) | device();
}

Call begin_call(const Host& host, std::chrono::milliseconds timeout) {
  using Steady = std::chrono::steady_clock;
  const Steady::time_point now = Steady::now();
  // Compared in the coarser unit: the other way round a long timeout would overflow.
  const bool for_ever =
      timeout >= std::chrono::floor<std::chrono::milliseconds>(Steady::time_point::max() - now);
  return {host.clock(), for_ever ? Steady::time_point::max() : now + timeout};
}

std::string new_purge_id(const Host& host, Time now) {
  const auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return fmt::format("{:012x}{:04x}{:016x}", millis & 0xFFFF'FFFF'FFFFU, host.random() & 0xFFFFU,
                     host.random());
}

}  // namespace purgatory

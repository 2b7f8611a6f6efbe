#pragma once

#include <cstddef>
#include <exception>
#include <latch>
#include <thread>
#include <vector>

namespace purgatory::contract {

inline constexpr std::size_t kThreads = 8;

/// Runs `action(thread number)` in threads that begin together. Rethrows what one of them threw;
/// Catch's checks are for one thread, so they belong behind this call.
template <typename Action>
void run_together(std::size_t threads, const Action& action) {
  std::latch start(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::exception_ptr> failures(threads);
  {
    std::vector<std::jthread> running;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      running.emplace_back([&, thread] {
        start.arrive_and_wait();
        try {
          action(thread);
        } catch (...) {
          failures[thread] = std::current_exception();
        }
      });
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace purgatory::contract

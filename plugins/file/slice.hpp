#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "plugins/file/writer.hpp"
#include "purgatory/purge.hpp"

namespace purgatory::file {

/// How much background work does in one transaction: some jobs at least, then more until somebody
/// waits, it took long enough, or the budget is used up. It looks every few jobs.
class Slice {
 public:
  static constexpr std::size_t kMost = 64;

  Slice(const Writer& writer, const Budget& left) : writer_(writer), left_(left) {}

  /// False: the next job is one for another slice.
  [[nodiscard]] bool may_go_on() const noexcept {
    if (handled_ == 0) return true;
    if (jobs_ >= left_.jobs || bytes_ >= left_.bytes || handled_ == kMost) return false;
    if (handled_ % kLeast != 0 && bytes_ < look_at_bytes_) return true;
    return !writer_.wanted() && std::chrono::steady_clock::now() < end_;
  }

  /// A job was handled: it counts against the budget, or was only looked at.
  void did(std::uint64_t bytes) noexcept {
    ++handled_;
    ++jobs_;
    if (bytes_ >= look_at_bytes_) look_at_bytes_ = bytes_ + kLeastBytes;
    bytes_ += bytes;
  }
  void looked() noexcept { ++handled_; }

 private:
  static constexpr std::size_t kLeast = 16;
  static constexpr std::uint64_t kLeastBytes = 262'144;
  static constexpr std::chrono::milliseconds kTime{1};

  const Writer& writer_;
  const Budget& left_;
  std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + kTime;
  std::size_t handled_ = 0;
  std::uint64_t jobs_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t look_at_bytes_ = kLeastBytes;
};

}  // namespace purgatory::file

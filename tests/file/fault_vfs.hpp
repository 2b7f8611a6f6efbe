#pragma once

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace purgatory::file_test {

/// What SQLite asks of a file system. `grow` is the hint at the size a file will have, `map` and
/// `lock` are those of the memory that connections share.
enum class Operation : std::size_t { open, read, write, sync, truncate, grow, map, lock };
inline constexpr std::size_t kOperations = 8;

/// The n-th operation of a kind fails, counted from when the fault is set.
struct Fault {
  Operation operation;
  int nth;                  ///< From 1 on.
  bool for_ever = false;    ///< And all after it.
  int code = SQLITE_IOERR;  ///< An extended result code of SQLite.
};

/// One byte of the main file reads as another.
struct Damage {
  std::int64_t offset;
  std::uint8_t flipped;  ///< Bits; none: no damage.
};

/// The file system that SQLite uses while this exists: the real one, which counts, fails and reads
/// wrongly as it is told. A sync costs nothing: no test here cuts the power. One at a time.
class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  void set(const Fault& fault);
  void clear() noexcept;
  /// Whether the fault that was set last happened.
  [[nodiscard]] bool happened() const noexcept { return happened_; }

  /// How often it was asked for.
  [[nodiscard]] int count(Operation operation) const noexcept {
    return counts_[static_cast<std::size_t>(operation)];
  }
  /// How often a main file was opened: the connections.
  [[nodiscard]] int connections() const noexcept { return connections_; }

  void set_damage(const Damage& damage) noexcept;
  /// As on a network file system.
  void take_shared_memory_away() noexcept { shared_memory_ = false; }
  /// Calls `action(path)` before each operation of this kind, in the thread that does it.
  void before(Operation operation, std::function<void(std::string_view)> action);

 private:
  struct File;
  struct Methods;
  friend struct Methods;

  /// The code to fail with; SQLITE_OK: go on.
  int meet(Operation operation, const char* path);
  void read_wrongly(void* bytes, int size, std::int64_t offset) const noexcept;

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::array<std::atomic<int>, kOperations> counts_{};
  std::array<std::function<void(std::string_view)>, kOperations> actions_;
  std::atomic<int> connections_ = 0;
  std::optional<Fault> fault_;
  std::atomic<int> left_ = 0;
  std::atomic<bool> happened_ = false;
  std::atomic<std::int64_t> damaged_ = -1;
  std::atomic<std::uint8_t> flipped_ = 0;
  std::atomic<bool> shared_memory_ = true;
};

}  // namespace purgatory::file_test

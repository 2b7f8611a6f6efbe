#pragma once

#include <fmt/format.h>

#include <utility>

#include "purgatory/error.hpp"

namespace purgatory::file {

/// Throws an Error of this backend.
template <typename... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...), "file");
}

/// What SQLite refused, with its own code: the writer decides by it what a failure means.
class SqliteError final : public Error {
 public:
  /// `extended` is an extended result code of SQLite (sqlite.org/rescode.html).
  SqliteError(int extended, std::string_view path, std::string_view message);

  /// The primary result code, SQLITE_FULL for instance.
  [[nodiscard]] int primary() const noexcept { return extended_ & 0xff; }
  /// A statement that reads was ended at the deadline.
  [[nodiscard]] bool interrupted() const noexcept;

 private:
  int extended_;
};

/// The file cannot grow: the disk is full.
class NoRoom final : public Error {
 public:
  explicit NoRoom(std::string_view path);
};

}  // namespace purgatory::file

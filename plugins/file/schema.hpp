#pragma once

#include "plugins/file/connection.hpp"

namespace purgatory::file {

/// Marks a file as ours: "Prgt", where `file` and SQLite's own tools look for it.
inline constexpr std::int64_t kApplicationId = 0x50726774;
inline constexpr std::int64_t kSchemaVersion = 1;

/// Brings the file to this library's schema: makes a new store of an empty file, migrates an older
/// one. Several processes may do so at once. Throws Error{config} if the file is another program's,
/// Error{unsupported} if a newer library wrote it.
void prepare_store(Connection& connection);

/// The statements that make a store, as docs/file-layout.md shows them.
[[nodiscard]] const char* schema();

}  // namespace purgatory::file

#pragma once

namespace purgatory::cli {

/// From now on the first SIGINT or SIGTERM only asks for an end: reads return, and long work stops
/// between two steps. The second one kills.
void catch_interrupts();

/// The signal that asked for an end; 0: none did.
[[nodiscard]] int interrupted() noexcept;

}  // namespace purgatory::cli

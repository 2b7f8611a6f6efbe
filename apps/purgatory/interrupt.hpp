#pragma once

namespace purgatory::cli {

/// From now on the first SIGINT or SIGTERM only asks for an end: waiting for input or a reader
/// ends, and long work stops between two steps. The second one kills. A reader that went away is an
/// error of write.
void catch_interrupts();

/// The signal that asked for an end; 0: none did.
[[nodiscard]] int interrupted() noexcept;

/// Waits until a file can be read. False: an end was asked for.
[[nodiscard]] bool wait_to_read(int file);
/// Waits until PIPE_BUF bytes can be written. False: nobody reads, and an end was asked for.
[[nodiscard]] bool wait_to_write(int file);

}  // namespace purgatory::cli

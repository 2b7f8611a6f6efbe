#include "apps/purgatory/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <initializer_list>

namespace purgatory::cli {
namespace {

volatile std::sig_atomic_t caught = 0;
int caught_event =
    -1;  ///< Can be read once a signal came: one that comes just before poll is seen.

void note_signal(int number) {
  const int error = errno;
  caught = number;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto size = ::write(caught_event, &one, sizeof one);
  errno = error;
}

/// Waits until the file is ready, or a signal came. True: it is ready.
bool wait_for(int file, short event) {
  std::array<pollfd, 2> files{{{file, event, 0}, {caught_event, POLLIN, 0}}};
  int ready = 0;
  do {
    ready = ::poll(files.data(), files.size(), -1);
  } while (ready < 0 && errno == EINTR);
  return ready < 0 || files[0].revents != 0;  // what is wrong with a file, its use will tell
}

}  // namespace

void catch_interrupts() {
  caught_event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

int interrupted() noexcept { return caught; }

bool wait_to_read(int file) { return wait_for(file, POLLIN) && interrupted() == 0; }

bool wait_to_write(int file) { return wait_for(file, POLLOUT); }

}  // namespace purgatory::cli

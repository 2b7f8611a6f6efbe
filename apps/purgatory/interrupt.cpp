#include "apps/purgatory/interrupt.hpp"

#include <csignal>
#include <initializer_list>

namespace purgatory::cli {
namespace {

volatile std::sig_atomic_t caught = 0;

void note_signal(int number) { caught = number; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // and no SA_RESTART: a read returns
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

int interrupted() noexcept { return caught; }

}  // namespace purgatory::cli

#pragma once

#include <string>

#include "tests/loader/clash/clash.hpp"

/// What the including program or plugin sees of the library `clash`. Static: each has its own.
static std::string clash_report() {
  try {
    throw clash::Problem();
  } catch (const clash::Problem& problem) {
    return "version " + std::to_string(clash::version()) + ", counter " +
           std::to_string(++clash::counter()) + ", " + problem.describe();
  }
}

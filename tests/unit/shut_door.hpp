#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/fake_repository.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory::unit {

inline const std::string kLongId(256, 'x');
inline const std::string kTooLong = ": 256 bytes are over the limit of 255";
inline const std::string kEmpty = ": is empty; give 1 to 255 bytes";

/// A door behind which nobody may be asked.
struct Shut : Door {
  explicit Shut(const Limits& limits = {}) : Door(limits) {
    fake->on_call = [](std::string_view name) { FAIL("the backend was asked: " << name); };
  }

  template <typename Action>
  void refuses(const Action& action, const std::string& text) {
    CHECK(error_of([&] { action(*repository); }) == "invalid_argument: " + text);
  }
};

}  // namespace purgatory::unit

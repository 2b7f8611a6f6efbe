// A plugin that has version 1 of the library `clash` linked into it. It opens nothing.

#include "purgatory/plugin.hpp"

#include <array>

#include "purgatory/error.hpp"
#include "tests/loader/clash/report.hpp"

namespace {

constexpr std::array<purgatory::Option, 0> kOptions{};

std::unique_ptr<purgatory::FailedJobRepository> open_nothing(const purgatory::Options& /*options*/,
                                                             const purgatory::Host& /*host*/) {
  throw purgatory::Error(purgatory::ErrorCode::unsupported, clash_report());
}

}  // namespace

PURGATORY_PLUGIN("clash", "1.0", kOptions, open_nothing)

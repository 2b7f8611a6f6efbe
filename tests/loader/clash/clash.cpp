#include "tests/loader/clash/clash.hpp"

namespace clash {

int version() { return CLASH_VERSION; }

Problem::Problem() : std::runtime_error("a problem") {}

std::string Problem::describe() const { return "problem of version " + std::to_string(version_); }

}  // namespace clash

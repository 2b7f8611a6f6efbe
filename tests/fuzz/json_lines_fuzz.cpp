// Whatever a line holds: it is refused with Error{invalid_argument}, or it is a job that its own
// line gives back.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "purgatory/error.hpp"
#include "purgatory/json_lines.hpp"
#include "tests/fuzz/demand.hpp"

namespace purgatory::fuzz {
namespace {

void run(std::string_view line) {
  FailedJob job;
  try {
    job = json_lines::parse(line);
  } catch (const Error& error) {
    demand(error.code() == ErrorCode::invalid_argument, "a line is refused as invalid_argument");
    return;
  }
  std::string again;
  json_lines::append(again, job);
  demand(again.find('\n') + 1 == again.size(), "a job is written as one line");
  demand(json_lines::parse(again) == job, "a job is equal when its line is read");
}

}  // namespace
}  // namespace purgatory::fuzz

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  purgatory::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}

// An export is imported elsewhere, and exported again: the same bytes.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "purgatory/json_lines.hpp"
#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

/// All bytes, from the one of `first` on.
std::string all_bytes(unsigned first) {
  std::string bytes;
  for (unsigned i = 0; i < 256; ++i) bytes += static_cast<char>((first + i) % 256);
  return bytes;
}

/// Lines of jobs that have every byte in every text, and of every kind that a text can be.
std::string odd_jobs() {
  constexpr Time kBegin{std::chrono::milliseconds(0)};
  std::string lines;
  for (unsigned i = 0; i < 40; ++i) {
    const auto text = [&](unsigned place) {
      return i % 2 == 0 ? all_bytes(i * 7 + place).substr(0, 250)
                        : "Grüße \"\\ \n\x1b \xe2\x80\xa8";
    };
    FailedJob job{.project = text(0),
                  .group = i % 3 == 0 ? std::string() : text(1),
                  .job_id = std::to_string(i) + text(2).substr(0, 200),
                  .job_type = text(3),
                  .resource_type = text(4),
                  .resource_id = text(5),
                  .resource_name = text(6),
                  .failure_status = text(7),
                  .error_code = text(8),
                  .fail_reason = text(9) + text(10),
                  .attempts = i == 0 ? UINT32_MAX : i,
                  .labels = {{text(11), text(12)}, {"empty", ""}},
                  .failed_at = kBegin + std::chrono::hours(i * 10'000),
                  .payload = std::string(i * 1000, static_cast<char>(i * 6)) + text(13)};
    json_lines::append(lines, job);
  }
  return lines;
}

}  // namespace

TEST_CASE("an export that is imported is exported as the same bytes") {
  const Sandbox box;
  const Sandbox other;
  box.out("import -", odd_jobs());
  box.fill();
  const std::string exported = box.out("export");
  CHECK(lines_of(exported).size() == 46);
  CHECK(boost::json::parse(other.out("import - -o json", exported)).at("inserted") == 46);
  CHECK(other.out("export") == exported);
  other.write("dump.jsonl", exported);
  CHECK(other.out("--load dump.jsonl export") == exported);
}

TEST_CASE("the example data comes back as the same jobs") {
  const Sandbox box;
  const Sandbox other;
  for (const char* file : {"sdrs-failures.jsonl", "queue-failures.jsonl"}) {
    box.out("import " PURGATORY_EXAMPLE_DATA "/" + std::string(file));
  }
  const std::string exported = box.out("export");
  CHECK(lines_of(exported).size() == 2464);
  other.out("import -", exported);
  CHECK(other.out("export") == exported);
}

}  // namespace purgatory::cli_run

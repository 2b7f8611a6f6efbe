#include "tests/cli/run/sandbox.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "purgatory/failed_jobs.hpp"

namespace purgatory::cli_run {

Words::Words(std::string_view line) {
  bool quoted = false;
  bool begun = false;
  for (const char letter : line) {
    if (letter == '\'') {
      quoted = !quoted;
    } else if (letter == ' ' && !quoted) {
      begun = false;
      continue;
    }
    if (!begun) words_.emplace_back();
    begun = true;
    if (letter != '\'') words_.back() += letter;
  }
}

Sandbox::Sandbox() {
  fs::create_directory(*this / "home");
  set("HOME", *this / "home");
  set("XDG_STATE_HOME", *this / "state");
  set("PATH", fs::path(PURGATORY_PROGRAM).parent_path().string() + ":/usr/bin:/bin");
  set("TERM", "xterm");
  set("PURGATORY_CONFIG", *this / "purgatory.yaml");
  write("purgatory.yaml", "version: 1\nrepository: { backend: file, file: { path: store.db } }\n");
  for (const char* kept : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(kept)) set(kept, value);
  }
}

void Sandbox::write(std::string_view name, std::string_view content) const {
  open_file(*this / name, O_WRONLY | O_CREAT | O_TRUNC).write(content);
}

std::string Sandbox::read(std::string_view name) const {
  return open_file(*this / name, O_RDONLY).rest();
}

Start Sandbox::start(const Words& words) const {
  Start start{.arguments = words.all(), .environment = {}, .directory = path()};
  for (const auto& [name, value] : variables_) start.environment.push_back(name + "=" + value);
  return start;
}

Result Sandbox::run(const Words& words, std::string_view input) const {
  return run_program(PURGATORY_PROGRAM, words, input);
}

Result Sandbox::run_program(const std::string& program, const Words& words,
                            std::string_view input) const {
  const File in = file_of(input);
  const File out = file_of("");
  const File err = file_of("");
  Start start = this->start(words);
  start.in = in.number();
  start.out = out.number();
  start.err = err.number();
  const int code = Process(program, start).wait();
  return {code, content_of(out), content_of(err)};
}

std::string Sandbox::out(const Words& words, std::string_view input) const {
  const Result result = run(words, input);
  INFO(fmt::format("{}", fmt::join(words.all(), " ")));
  INFO(result.err);
  REQUIRE(result.code == 0);
  return result.out;
}

boost::json::value Sandbox::json(const std::string& line) const {
  return boost::json::parse(out(line + " -o json"));
}

void Sandbox::fill() const { out("import -", small_store()); }

void Sandbox::fill_with(std::size_t jobs) const {
  std::string lines;
  for (std::size_t i = 0; i < jobs; ++i) lines += numbered_line(i);
  out("import -", lines);
}

std::uint64_t Sandbox::count(const std::string& flags) const {
  return json("count " + flags).at("count").to_number<std::uint64_t>();
}

void Sandbox::hold(std::string_view project, std::string_view job_id) const {
  const FailedJobs jobs = FailedJobs::open(*this / "purgatory.yaml");
  const auto stored = jobs.find(project, "", job_id);
  REQUIRE(stored);
  Restamp change{ref_of(*stored), stored->retention};
  change.retention.hold = Hold{.actor = "alice", .reason = "evidence", .until = {}};
  REQUIRE(jobs.repository().restamp(jobs.begin_call(), project, {&change, 1}).done == 1);
}

void write_archiving_config(const Sandbox& box) {
  box.write(
      "purgatory.yaml",
      "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
      "retention:\n"
      "  rules: [ { name: cold, match: { error_code: TIMEOUT }, keep_for: 1d, archive: cold } ]\n"
      "  archives:\n"
      "    cold: { directory: cold, compress: none }\n"
      "    other: { directory: other }\n");
}

std::string small_store() {
  return R"({"project_id":"shop","job_id":"nightly","job_type":"report","error_code":"TIMEOUT","failed_at":"2026-11-01T00:00:00Z"}
{"project_id":"shop","job_id":"weekly","job_type":"report","error_code":"DISK_FULL","failed_at":"2026-11-02T00:00:00Z","resource_type":"disk","resource_id":"d-1","resource_name":"disk-1","failure_status":"failed","fail_reason":"the disk is full","attempts":3,"labels":{"host":"web1"},"payload":"retry me"}
{"project_id":"shop","group_id":"payments","job_id":"capture-1","job_type":"capture","error_code":"TIMEOUT","failed_at":"2026-11-03T00:00:00Z"}
{"project_id":"shop","group_id":"payments","job_id":"capture-2","job_type":"capture","error_code":"DECLINED","failed_at":"2026-11-04T00:00:00Z"}
{"project_id":"shop","group_id":"payments","job_id":"refund-1","job_type":"refund","error_code":"DECLINED","failed_at":"2026-11-05T00:00:00Z"}
{"project_id":"media","group_id":"transcode","job_id":"nightly","job_type":"transcode","error_code":"ENOENT","failed_at":"2026-11-06T00:00:00Z"}
)";
}

std::string numbered_line(std::size_t number) {
  return fmt::format(
      R"({{"project_id":"many","job_id":"{:04}","error_code":"TIMEOUT","failed_at":"2026-11-01T00:00:00Z"}})"
      "\n",
      number);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace purgatory::cli_run

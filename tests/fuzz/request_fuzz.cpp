// Whatever a connection sends: its requests are the same however the bytes arrive, each answer is
// one of the API's, and what belongs to others stays.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/purgatoryd/http/head.hpp"
#include "purgatory/failed_jobs.hpp"
#include "purgatory/task_center.hpp"
#include "tests/fuzz/demand.hpp"

namespace purgatory::fuzz {
namespace {

using server::http::Head;
using server::http::HeadReader;
using server::http::Malformed;

struct Requests {
  std::vector<Head> heads;
  std::string left;
  bool malformed = false;
};

/// Reads the bytes as a connection does that gets `step` of them at a time.
Requests read(std::string_view bytes, std::size_t step) {
  Requests requests;
  HeadReader reader;
  while (!bytes.empty() && !requests.malformed) {
    requests.left += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    try {
      while (auto head = reader.read(requests.left)) requests.heads.push_back(std::move(*head));
    } catch (const Malformed&) {
      requests.malformed = true;
    }
  }
  return requests;
}

bool same(const Head& a, const Head& b) {
  return a.method == b.method && a.target == b.target && a.fields == b.fields &&
         a.keep_alive == b.keep_alive;
}

FailedJob a_job(std::string project) {
  FailedJob job;
  job.project = std::move(project);
  job.job_id = "a";
  return job;
}

void check(const Head& head) {
  demand(head.fields.size() <= HeadReader::kMostFields, "the fields are limited");
  demand(head.values("Host").size() <= 1, "there is one host");
  demand(head.values("Transfer-Encoding").empty(), "no request has a body");
  static FailedJobs jobs = FailedJobs::open("memory", Options());
  static const task_center::Handler handler(jobs);
  static const RecordResult recorded = jobs.record(a_job("other"));
  demand(recorded.inserted == 1, "the other's job is recorded");
  const auto answer =
      handler.handle({.method = head.method,
                      .target = head.target,
                      .accept = head.values("Accept"),
                      .identity = task_center::Identity{
                          .name = "fuzzer", .projects = {"shop"}, .may_delete = true}});
  demand(answer.fault.empty(), "nothing of it is a fault");
  demand(answer.body.find("\"other\"") == std::string::npos, "nothing of others is shown");
  demand(jobs.find("other", {}, "a").has_value(), "what belongs to others stays");
}

void run(std::string_view bytes) {
  const Requests whole = read(bytes, bytes.size() + 1);
  const Requests split = read(bytes, 1);
  demand(whole.malformed == split.malformed, "split bytes are refused as whole ones are");
  demand(whole.malformed || whole.left == split.left, "what is left is the same");
  demand(whole.heads.size() == split.heads.size(), "there are as many requests");
  for (std::size_t i = 0; i < whole.heads.size(); ++i) {
    demand(same(whole.heads[i], split.heads[i]), "the requests are the same");
    check(whole.heads[i]);
  }
}

}  // namespace
}  // namespace purgatory::fuzz

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  purgatory::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}

/// The task center's API: a deletion of all failed tasks by how many there are, and requests per
/// second beside an answer that costs nothing.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "apps/purgatoryd/admin/admin.hpp"
#include "apps/purgatoryd/api.hpp"
#include "apps/purgatoryd/auth/authenticator.hpp"
#include "apps/purgatoryd/http/port.hpp"
#include "benchmarks/latency.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/scratch_directory.hpp"
#include "benchmarks/workload.hpp"
#include "purgatory/failed_jobs.hpp"
#include "purgatory/task_center.hpp"

namespace purgatory::benchmarks {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kProject = "shop";
constexpr std::string_view kList = "/v1/shop/task-center/failure-jobs?limit=100";
constexpr std::string_view kBatch = "/v1/shop/task-center/failure-jobs/batch";

FailedJobs open(std::string_view backend, const ScratchDirectory& directory) {
  purgatory::Options options;
  if (backend == "memory") {
    options.set("max_bytes", std::int64_t{16} << 30);
  } else {
    options.set("path", (directory.path() / "jobs.db").string());
  }
  return FailedJobs::open(std::string(backend), options);
}

void fill(FailedJobs& jobs, std::uint64_t count) {
  constexpr std::uint64_t kAtOnce = 1000;
  const Workload workload(Shape::batched(count));
  Sample sample;
  std::vector<FailedJob> batch;
  for (std::uint64_t index = 0; index < count; ++index) {
    workload.make(index, sample);
    sample.job.project = kProject;
    sample.job.group.clear();
    batch.push_back(sample.job);
    if (batch.size() == kAtOnce || index + 1 == count) {
      jobs.record(batch);
      batch.clear();
    }
  }
}

/// How long deletions of so many tasks take, each in a store of its own.
Latencies delete_all(std::string_view backend, std::uint64_t tasks, std::uint64_t times) {
  Latencies latencies;
  for (std::uint64_t i = 0; i < times; ++i) {
    const ScratchDirectory directory;
    FailedJobs jobs = open(backend, directory);
    const task_center::Handler handler(jobs);
    fill(jobs, tasks);
    const auto begin = std::chrono::steady_clock::now();
    const auto answer =
        handler.handle({.method = "DELETE",
                        .target = kBatch,
                        .identity = task_center::Identity{
                            .name = "benchmark", .projects = {"shop"}, .may_delete = true}});
    latencies.add(std::chrono::steady_clock::now() - begin);
    if (answer.status != 204) throw std::runtime_error("the deletion failed: " + answer.body);
  }
  return latencies;
}

std::string show(std::chrono::nanoseconds time) {
  return format_time(std::chrono::duration<double>(time).count());
}

std::string deletions(const Options& options) {
  Table table(
      {"failed tasks", "deletions", "memory: median", "greatest", "file: median", "greatest"});
  const std::uint64_t most = options.quick ? 1000 : options.jobs;
  for (std::uint64_t tasks = 1000; tasks <= most; tasks *= 10) {
    const std::uint64_t times =
        std::clamp<std::uint64_t>(200'000 / tasks, 3, options.quick ? 3 : 100);
    const Latencies memory = delete_all("memory", tasks, times);
    const Latencies file = delete_all("file", tasks, times);
    table.add({format_count(static_cast<double>(tasks)), std::to_string(times),
               show(memory.quantile(0.5)), show(memory.max()), show(file.quantile(0.5)),
               show(file.max())});
  }
  return table.markdown();
}

/// The server's parts over a store with failed tasks.
class Server {
 public:
  explicit Server(std::string_view backend, std::uint64_t tasks)
      : jobs_(open(backend, directory_)), handler_(jobs_) {
    fill(jobs_, tasks);
    api_port_ = port(api_, api_pool_);
    admin_port_ = port(admin_, admin_pool_);
    thread_ = std::thread([this] { context_.run(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    context_.stop();
    thread_.join();
    api_pool_.join();
    admin_pool_.join();
  }

  [[nodiscard]] std::string api() const { return api_port_->url(); }
  [[nodiscard]] std::string admin() const { return admin_port_->url(); }

 private:
  std::unique_ptr<server::http::Port> port(server::http::Service& service,
                                           asio::thread_pool& pool) {
    using namespace std::chrono_literals;
    return std::make_unique<server::http::Port>(
        context_, "127.0.0.1:0",
        server::http::PortSettings{
            .connections = 1024, .header_timeout = 10s, .idle_timeout = 30s, .queue_timeout = 5s},
        pool, service, nullptr);
  }

  const ScratchDirectory directory_;
  const Host host_;
  FailedJobs jobs_;
  const task_center::Handler handler_;
  const std::unique_ptr<server::Authenticator> authenticator_ = server::make_authenticator(
      {.mode = Config::Server::Auth::Mode::none, .insecure = true}, host_);
  server::Log log_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  server::Metrics metrics_;
  server::Api api_{handler_, *authenticator_, host_, log_, metrics_};
  const server::Health health_;
  server::Admin admin_{jobs_, metrics_, health_, [] { return std::size_t{0}; }};
  asio::io_context context_{1};
  asio::thread_pool api_pool_{4};
  asio::thread_pool admin_pool_{server::Admin::kThreads};
  std::unique_ptr<server::http::Port> api_port_;
  std::unique_ptr<server::http::Port> admin_port_;
  std::thread thread_;
};

struct Load {
  double rate = 0;
  std::string p99;
  bool all_answered = true;
};

/// What wrk says of 32 connections that ask again and again.
Load load(const std::string& url, std::string_view method, const Options& options) {
  const ScratchDirectory directory;
  const auto script = directory.path() / "method.lua";
  std::ofstream(script) << fmt::format("wrk.method = \"{}\"\n", method);
  const std::string command = fmt::format("wrk -t 1 -c 32 -d {}s --latency -s '{}' '{}' 2>&1",
                                          options.quick ? 1 : 10, script.string(), url);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  Load load;
  std::vector<char> line(512);
  while (pipe && std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr) {
    const std::string_view text(line.data());
    const auto value = text.substr(std::min(text.size(), text.find_last_of(' ') + 1));
    if (text.starts_with("Requests/sec:")) load.rate = std::stod(std::string(value));
    if (text.starts_with("     99%")) load.p99 = value.substr(0, value.find('\n'));
    if (text.find("Non-2xx") != std::string_view::npos) load.all_answered = false;
  }
  if (load.rate == 0) throw std::runtime_error("wrk did not run: is it installed?");
  return load;
}

std::string loads(const Options& options) {
  Table table({"store", "request", "a second", "of /healthz", "p99"});
  for (const std::string_view backend : {"memory", "file"}) {
    const Server server(backend, 10'000);
    double ceiling = 0;
    const auto add = [&](std::string_view title, const std::string& url, std::string_view method) {
      const Load measured = load(url, method, options);
      if (!measured.all_answered) throw std::runtime_error("not all requests were answered by 2xx");
      if (ceiling == 0) ceiling = measured.rate;
      table.add({std::string(backend), std::string(title), fmt::format("{:.0f}", measured.rate),
                 fmt::format("{:.2f}x", measured.rate / ceiling), measured.p99});
    };
    add("/healthz", server.admin() + "/healthz", "GET");
    add("GET of 100 tasks", fmt::format("{}{}", server.api(), kList), "GET");
    add("DELETE of all", fmt::format("{}{}", server.api(), kBatch), "DELETE");
  }
  return table.markdown();
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  std::cout << deletions(options) << std::endl << loads(options);
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  return purgatory::benchmarks::run_program(purgatory::benchmarks::run, count, arguments);
}

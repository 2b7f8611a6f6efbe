// A host by one compiler with the memory plugin by another: purgatory_interop PLUGIN_DIRECTORY

#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "purgatory/purgatory.hpp"

namespace {

using namespace purgatory;

void require(bool holds, std::string_view what) {
  if (!holds) throw std::runtime_error(std::string(what));
}

/// How many different files with this in their name are mapped into this process.
int loaded(const std::string& part) {
  int files = 0;
  std::string last;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::size_t path = line.find('/');
    if (path == std::string::npos || line.find(part, path) == std::string::npos) continue;
    if (line.substr(path) != last) ++files;
    last = line.substr(path);
  }
  return files;
}

void use(FailedJobRepository& jobs, const Host& host) {
  FailedJob failed;
  failed.project = "shop";
  failed.group = "payments";
  failed.job_id = "capture-4711";
  failed.error_code = "TIMEOUT";
  failed.payload = std::string(100'000, 'x');
  failed.failed_at = host.clock();
  const Stamp stamp;
  const Recording recording{&failed, &stamp};
  const RecordResult recorded = jobs.record(begin_call(host), "shop", {&recording, 1}, {}, {});
  require(recorded == RecordResult{.inserted = 1}, "record");

  const auto find = [&] { return jobs.find(begin_call(host), "shop", "payments", "capture-4711"); };
  const auto found = find();
  require(found && found->job == failed, "find");

  const Call call = begin_call(host);
  const Receipt receipt = jobs.detach(call, Scope::group("shop", "payments"),
                                      {.purge_id = new_purge_id(host, call.now),
                                       .actor = "interop",
                                       .reason = "scope",
                                       .rule = {},
                                       .undo_until = call.now + std::chrono::hours(1)});
  require(receipt.jobs == 1 && !find(), "purge");

  jobs.restore(begin_call(host), "shop", receipt.purge_id, call.now, {}, {}, {});
  const auto restored = find();
  require(restored && restored->job == failed, "restore");
}

void catch_error(FailedJobRepository& jobs, const Host& host) {
  try {
    jobs.seal(begin_call(host), "shop", "0123456789abcdef0123456789abcdef");
  } catch (const Error& error) {
    require(error.code() == ErrorCode::not_found && error.backend() == "memory", "error");
    std::cout << "caught: " << error.what() << '\n';
    return;
  }
  require(false, "no error");
}

}  // namespace

int main(int /*count*/, char** arguments) {
  try {
    Config config;
    config.repository.backend = "memory";
    config.repository.options.set("max_bytes", 64 << 20);
    config.plugins.path = {arguments[1]};
    const Host host;
    const auto jobs = open(config, host);
    const std::string plugin =
        (std::filesystem::canonical(arguments[1]) / "purgatory_memory.so").string();
    require(loaded(plugin) == 1 && loaded("purgatory_memory.so") == 1, "the plugin of that folder");
    require(loaded("libpurgatory.so") == 1, "one copy of the library");
    use(*jobs, host);
    catch_error(*jobs, host);
    std::cout << "host by " << __VERSION__ << ", plugin in " << arguments[1] << ": good\n";
  } catch (const std::exception& failure) {
    std::cerr << "failed: " << failure.what() << '\n';
    return 1;
  }
}

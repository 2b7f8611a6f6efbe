// What came from a plugin is used after main has returned, and all that belonged to main is gone.

#include <exception>
#include <iostream>
#include <memory>

#include "core/plugin/loader.hpp"
#include "purgatory/purgatory.hpp"

namespace {

using namespace purgatory;

const Host host;

/// Destroyed after main, in the order of its members from the last one up.
struct Outliving {
  std::unique_ptr<FailedJobRepository> jobs;
  std::exception_ptr error;      // thrown by the plugin's code
  std::exception_ptr exception;  // of a type that only the plugin knows

  ~Outliving() {
    const auto found = jobs->find(begin_call(host), "shop", "payments", "capture-4711");
    std::cout << "found: " << (found ? found->job.error_code : "nothing") << '\n';
    show(error);
    show(exception);
    std::cout << "backend: " << jobs->backend() << std::endl;
  }

  static void show(const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Error& caught) {
      std::cout << "error: " << to_string(caught.code()) << '\n';
    } catch (const std::exception& caught) {
      std::cout << "exception: " << caught.what() << '\n';
    }
  }
};
Outliving outliving;

}  // namespace

int main(int /*count*/, char** arguments) {
  Config config;
  config.repository.backend = "memory";
  outliving.jobs = open(config, host);

  FailedJob failed;
  failed.project = "shop";
  failed.group = "payments";
  failed.job_id = "capture-4711";
  failed.error_code = "TIMEOUT";
  failed.failed_at = host.clock();
  const Stamp stamp;
  const Recording recording{&failed, &stamp};
  outliving.jobs->record(begin_call(host), "shop", {&recording, 1}, {}, {});
  try {
    outliving.jobs->seal(begin_call(host), "shop", "0123456789abcdef0123456789abcdef");
  } catch (...) {
    outliving.error = std::current_exception();
  }
  try {
    const plugin::Descriptor& hostile = plugin::load(arguments[1], "tested", true);
    (void)hostile.open({}, host);
  } catch (...) {
    outliving.exception = std::current_exception();
  }
}

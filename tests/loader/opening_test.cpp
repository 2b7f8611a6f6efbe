// Plugins that are accepted.

#include <catch2/catch.hpp>
#include <cstdint>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "core/plugin/loader.hpp"
#include "tests/loader/fixture.hpp"

namespace purgatory::loader_test {
#ifdef PURGATORY_TEST_MEMORY_IS_BUILT_IN

TEST_CASE("a plugin with the name of a backend that is built in is refused, and never found") {
  const Place place;
  const fs::path file = place.directory() / "purgatory_memory.so";
  fs::rename(place.put("plain"), file);
  CHECK_THROWS_WITH(
      plugin::load(file, "memory", true),
      "plugin " + file.string() + " is refused: the backend 'memory' is built into this library");
  const Config config = config_for("memory", place.directory());
  const Host host;
  CHECK(record_one(*open(config, host), host) == 1);
  CHECK_FALSE(place.code_ran());
}

#else

TEST_CASE("the memory plugin is loaded by its path") {
  const Place place;
  const fs::path file = place.directory() / "purgatory_memory.so";
  copy_as(memory_plugin(), file);
  const plugin::Descriptor& descriptor = plugin::load(file, "memory", false);
  CHECK(origin_of(descriptor) == file);
  CHECK(&descriptor == &plugin::load(file, "memory", false));
}

TEST_CASE("the memory plugin is found in plugins.path") {
  const Place place;
  copy_as(memory_plugin(), place.directory() / "purgatory_memory.so");
  const Config config = config_for("memory", place.directory());
  CHECK(origin_of(plugin::find("memory", config.plugins)) ==
        place.directory() / "purgatory_memory.so");
  const Host host;
  CHECK(record_one(*open(config, host), host) == 1);
}

TEST_CASE("the memory plugin is found in PURGATORY_PLUGIN_PATH") {
  const Place place;
  copy_as(memory_plugin(), place.directory() / "purgatory_memory.so");
  const Variable path("PURGATORY_PLUGIN_PATH", place.directory().string());
  CHECK(origin_of(plugin::find("memory", {})) == place.directory() / "purgatory_memory.so");
  Config config;
  config.repository.backend = "memory";
  const Host host;
  CHECK(record_one(*open(config, host), host) == 1);
}

TEST_CASE("the memory plugin is found beside the library") {
  const Variable no_path("PURGATORY_PLUGIN_PATH", std::nullopt);
  CHECK(origin_of(plugin::find("memory", {})) == memory_plugin());
  Config config;
  config.repository.backend = "memory";
  const Host host;
  CHECK(record_one(*open(config, host), host) == 1);
}

TEST_CASE("eight threads that open one plugin at once share its code and nothing else") {
  constexpr int kThreads = 8;
  const Place place;
  copy_as(memory_plugin(), place.directory() / "purgatory_memory.so");
  const Config config = config_for("memory", place.directory());
  const Host host;
  std::latch start(kThreads);
  std::vector<std::uint64_t> jobs(kThreads);
  std::vector<const plugin::Descriptor*> descriptors(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      jobs[i] = record_one(*open(config, host), host);
      descriptors[i] = &plugin::find("memory", config.plugins);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(jobs == std::vector<std::uint64_t>(kThreads, 1));
  CHECK(descriptors == std::vector<const plugin::Descriptor*>(kThreads, descriptors.front()));
}

#endif

TEST_CASE("a plugin opened twice makes two stores") {
  Config config;
  config.repository.backend = "memory";
  const Host host;
  const auto first = open(config, host);
  CHECK(record_one(*first, host) == 1);
  const auto second = open(config, host);
  CHECK(second->count(begin_call(host), {.scope = Scope::project("shop"), .filter = {}}, 10) == 0);
}

}  // namespace purgatory::loader_test

// Where plugins are looked for.

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "core/plugin/loader.hpp"
#include "tests/loader/fixture.hpp"

namespace purgatory::loader_test {
namespace {

constexpr const char* kPath = "PURGATORY_PLUGIN_PATH";

Config::Plugins in(const fs::path& directory) { return {.path = {directory.string()}}; }

void find_with_variable(const std::string& value) {
  const Variable path(kPath, value);
  (void)plugin::find(kName, {});
}

Refusal asking_for(const std::string& name, const std::string& plugin) {
  return {.name = name, .attempt = [plugin](const Place& place) {
            (void)plugin::find(plugin, in(place.directory()));
          }};
}

}  // namespace

std::vector<Refusal> refusals_of_searches() {
  return {
      {"relative_directory", [](const Place&) { (void)plugin::find(kName, in("plugins")); }},
      {"empty_directory", [](const Place&) { (void)plugin::find(kName, in("")); }},
      {"variable_with_relative_directory",
       [](const Place& place) {
         place.put("plain");
         find_with_variable("plugins:" + place.directory().string());
       }},
      {"variable_with_empty_directory",
       [](const Place& place) {
         find_with_variable(place.make_directory("other").string() + "::/usr/lib");
       }},
      {"variable_that_ends_with_a_colon",
       [](const Place& place) { find_with_variable(place.directory().string() + ":"); }},
      {"empty_variable", [](const Place&) { find_with_variable(""); }},
      {"not_found",
       [](const Place& place) {
         const Variable path(kPath, place.directory().string());
         (void)plugin::find("nowhere", in(place.make_directory("other")));
       }},
      asking_for("name_with_a_slash", "../tested"),
      asking_for("name_in_capitals", "Tested"),
      asking_for("empty_name", ""),
      asking_for("name_of_33_bytes", std::string(33, 'x')),
      {"name_of_a_file_to_load",
       [](const Place& place) { (void)plugin::load(place.put("plain"), "../tested", false); }},
      {"refused_in_the_first_directory",
       [](const Place& place) {
         copy_as(place.put("plain"), place.make_directory("second") / "purgatory_tested.so");
         place.write("no plugin, but here first");
         Config::Plugins plugins = in(place.directory());
         plugins.path.push_back((place.above() / "second").string());
         (void)plugin::find(kName, plugins);
       }},
  };
}

TEST_CASE("a search that could end anywhere, or finds nothing, says so") {
  check(refusals_of_searches());
}

TEST_CASE("each text that says why a plugin is refused belongs to one case") {
  std::multiset<std::string> tested;
  for (const auto& refusals : {refusals_of_files(), refusals_of_owners(), refusals_of_descriptors(),
                               refusals_of_searches(), refusals_of_verification()}) {
    for (const Refusal& refusal : refusals) tested.insert(refusal.name + ".expected");
  }
  std::multiset<std::string> written;
  for (const auto& file : fs::directory_iterator(PURGATORY_TEST_REFUSED)) {
    written.insert(file.path().filename().string());
  }
  CHECK(tested == written);
}

TEST_CASE("directories are searched in the documented order") {
  const Place place;
  const fs::path first = place.make_directory("first");
  const fs::path second = place.make_directory("second");
  const fs::path third = place.make_directory("third");
  const Variable path(kPath, second.string() + ":" + third.string());
  const auto directories = plugin::directories({.path = {first.string(), "/usr/lib"}});
  REQUIRE(directories.size() == 6);
  CHECK(directories[0] == first);
  CHECK(directories[1] == "/usr/lib");
  CHECK(directories[2] == second);
  CHECK(directories[3] == third);

  const fs::path plain = place.put("plain");
  copy_as(plain, third / plain.filename());
  CHECK(origin_of(plugin::find(kName, in(first))) == third / plain.filename());
  place.put("second");
  copy_as(plain, second / plain.filename());
  CHECK(origin_of(plugin::find(kName, in(first))) == second / plain.filename());
  CHECK(plugin::find(kName, in(first)).version == std::string("2.0"));
  place.put("plain");
  copy_as(plain, first / plain.filename());
  CHECK(origin_of(plugin::find(kName, in(first))) == first / plain.filename());
  CHECK(plugin::find(kName, in(first)).version == std::string("1.0"));
}

TEST_CASE("all backends that could be asked for are listed once") {
  const Place place;
  const fs::path plain = place.put("plain");
  const fs::path other = place.make_directory("other");
  for (const char* name : {"purgatory_tested.so", "purgatory_memory.so", "purgatory_.so",
                           "purgatory_Upper.so", "libpurgatory_x.so", "purgatory_x.so.1"}) {
    copy_as(plain, other / name);
  }
  Config::Plugins plugins = in(place.directory());
  plugins.path.push_back(other.string());
  plugins.path.push_back((place.above() / "absent").string());
  const auto names = plugin::available(plugins);
  CHECK(std::ranges::is_sorted(names));
  CHECK(std::ranges::count(names, kName) == 1);
  CHECK(std::ranges::count(names, "memory") == 1);
  CHECK(std::ranges::find(names, "x") == names.end());
  CHECK_FALSE(place.code_ran());
}

TEST_CASE("a link to another name in its own directory is fine") {
  const Place place;
  fs::rename(place.put("plain"), place.directory() / "purgatory_tested.so.1.0");
  fs::create_symlink("purgatory_tested.so.1.0", place.file());
  CHECK(origin_of(plugin::find(kName, in(place.directory()))) == place.file().string() + ".1.0");
}

// The dynamic loader reads LD_LIBRARY_PATH when a process starts, so this is a process of its own.
TEST_CASE("decoys in the current directory and in LD_LIBRARY_PATH are not loaded") {
  const Place place;
  const fs::path decoy = place.put("plain");
  copy_as(decoy, place.directory() / "libpurgatory_tested.so");
  const std::string command =
      fmt::format("cd '{0}' && LD_LIBRARY_PATH='{0}' '{1}' '[.decoy]' > ../printed",
                  place.directory().string(), fs::canonical("/proc/self/exe").string());
  CHECK(std::system(command.c_str()) == 0);
  CHECK_FALSE(place.code_ran());

  const std::string proof =
      fmt::format("LD_LIBRARY_PATH='{}' '{}' '[.decoy proof]' > '{}'", place.directory().string(),
                  fs::canonical("/proc/self/exe").string(), (place.above() / "printed").string());
  CHECK(std::system(proof.c_str()) == 0);
  CHECK(place.code_ran());
}

TEST_CASE("amid decoys", "[.decoy]") {
  CHECK_THROWS_WITH(plugin::find(kName, {}), Catch::StartsWith("there is no backend 'tested'"));
  for (const char* file :
       {"purgatory_tested.so", "./purgatory_tested.so", "libpurgatory_tested.so", "tested"}) {
    CHECK_THROWS_WITH(plugin::load(file, kName, true), Catch::Contains("is relative"));
  }
  Config config;
  config.repository.backend = kName;
  const Host host;
  CHECK_THROWS_AS(open(config, host), Error);
}

TEST_CASE("the decoys would have been found", "[.decoy proof]") {
  CHECK(::dlopen("purgatory_tested.so", RTLD_NOW | RTLD_LOCAL) != nullptr);
}

}  // namespace purgatory::loader_test

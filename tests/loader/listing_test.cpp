// list_plugins and verify_plugin.

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/plugin/loader.hpp"
#include "tests/loader/fixture.hpp"

namespace purgatory::loader_test {
namespace {

Config::Plugins searching(const fs::path& directory, bool allow_insecure = false) {
  return {.path = {directory.string()}, .allow_insecure = allow_insecure};
}

/// The one plugin of that name in the list.
PluginInfo listed(const Config::Plugins& plugins, std::string_view name = kName) {
  const std::vector<PluginInfo> list = list_plugins(plugins);
  CHECK(std::ranges::count(list, name, &PluginInfo::name) == 1);
  const auto found = std::ranges::find(list, name, &PluginInfo::name);
  return found == list.end() ? PluginInfo{} : *found;
}

/// What `action` is refused with; empty: it is not.
template <typename Action>
std::string refusal_by(Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::plugin);
    return error.what();
  }
  return {};
}

void verify_in_directory(const fs::path& directory, const fs::path& file) {
  const fs::path before = fs::current_path();
  fs::current_path(directory);
  try {
    (void)verify_plugin(file);
  } catch (...) {
    fs::current_path(before);
    throw;
  }
  fs::current_path(before);
}

}  // namespace

std::vector<Refusal> refusals_of_verification() {
  return {
      {"file_of_another_name",
       [](const Place& place) {
         fs::rename(place.put("plain"), place.directory() / "libtested.so");
         (void)verify_plugin(place.directory() / "libtested.so");
       }},
      {"file_without_a_name",
       [](const Place& place) {
         fs::rename(place.put("plain"), place.directory() / "purgatory_.so");
         (void)verify_plugin(place.directory() / "purgatory_.so");
       }},
      {"no_file_name", [](const Place&) { (void)verify_plugin(""); }},
      {"file_that_is_absent", [](const Place& place) { (void)verify_plugin(place.file()); }},
      {"relative_file_that_is_absent",
       [](const Place& place) { verify_in_directory(place.directory(), "purgatory_tested.so"); }},
      {"relative_file_from_nowhere",
       [](const Place& place) {
         const fs::path before = fs::current_path();
         fs::current_path(place.make_directory("removed"));
         fs::remove(place.above() / "removed");
         try {
           (void)verify_plugin("purgatory_tested.so");
         } catch (...) {
           fs::current_path(before);
           throw;
         }
         fs::current_path(before);
       }},
      {.name = "another_plugin_by_that_name",
       .attempt =
           [](const Place& place) {
             const fs::path file = place.directory() / "purgatory_other.so";
             fs::rename(place.put("plain"), file);
             (void)verify_plugin(file);
           },
       .code_runs = true},
  };
}

TEST_CASE("a file that is verified is refused as if it were opened") {
  check(refusals_of_verification());
}

TEST_CASE("a plugin that is fine is listed with where it is and who built it") {
  const Place place;
  place.put("plain");
  const PluginInfo info = listed(searching(place.directory()));
  CHECK(info.version == "1.0");
  CHECK(info.compiler == "some compiler");
  CHECK(info.file == place.file());
  CHECK(info.refused.empty());
}

TEST_CASE("a plugin that is fine is verified") {
  const Place place;
  place.put("second");
  const PluginInfo info = verify_plugin(place.file());
  CHECK(info.name == kName);
  CHECK(info.version == "2.0");
  CHECK(info.compiler == "some compiler");
  CHECK(info.file == place.file());
  CHECK(info.refused.empty());
  CHECK(place.code_ran());
}

TEST_CASE("a relative path is verified from the working directory on") {
  const Place place;
  place.put("plain");
  verify_in_directory(place.directory(), "purgatory_tested.so");
  CHECK(place.code_ran());
}

TEST_CASE("a plugin that is refused is listed and verified with the reason for it") {
  for (const char* way :
       {"wrong_abi", "wrong_size", "wrong_build_tag", "wrong_name", "null_version", "bad_key",
        "no_descriptor", "later_interface", "two_interfaces", "undefined_function"}) {
    INFO(way);
    const Place place;
    place.put(way);
    const std::string reason = refusal_by([&] { load(place); });
    CHECK_FALSE(reason.empty());
    const PluginInfo info = listed(searching(place.directory()));
    CHECK(info.refused == reason);
    CHECK(info.file == place.file());
    CHECK(info.version.empty());
    CHECK(info.compiler.empty());
    CHECK(refusal_by([&] { (void)verify_plugin(place.file()); }) == reason);
  }
}

TEST_CASE("a plugin that is refused hides none of the others") {
  const Place place;
  place.write("no plugin");
  const std::vector<PluginInfo> list = list_plugins(searching(place.directory()));
  CHECK(std::ranges::is_sorted(list, {}, &PluginInfo::name));
  for (const PluginInfo& info : list) CHECK(info.refused.empty() == (info.name != kName));
  CHECK(listed(searching(place.directory()), "memory").refused.empty());
}

TEST_CASE("of several files for one name the first of the search is listed") {
  const Place place;
  place.put("second");
  copy_as(place.file(), place.make_directory("first") / "purgatory_tested.so");
  place.put("plain");
  Config::Plugins plugins = searching(place.above() / "first");
  plugins.path.push_back(place.directory().string());
  const PluginInfo info = listed(plugins);
  CHECK(info.file == place.above() / "first" / "purgatory_tested.so");
  CHECK(info.version == "2.0");
}

TEST_CASE("what others could write is listed as refused, unless that is allowed") {
  const Place place;
  place.put("plain", fs::perms{0666});
  CHECK(listed(searching(place.directory()))
            .refused.ends_with("chmod go-w it, or set plugins.allow_insecure: true"));
  CHECK_FALSE(refusal_by([&] { (void)verify_plugin(place.file()); }).empty());

  CHECK(listed(searching(place.directory(), true)).refused.empty());
  CHECK(verify_plugin(place.file(), {.path = {}, .allow_insecure = true}).version == "1.0");
}

TEST_CASE("a list of plugins is refused if it could begin anywhere") {
  CHECK(refusal_by([] { (void)list_plugins(searching("plugins")); }) ==
        "plugins.path has the relative directory 'plugins'; write it from the root on");
}

TEST_CASE("the memory backend is listed, where it is or as built in") {
  const Variable no_path("PURGATORY_PLUGIN_PATH", std::nullopt);
  const PluginInfo info = listed({}, "memory");
  CHECK(info.refused.empty());
  CHECK_FALSE(info.version.empty());
#ifdef PURGATORY_TEST_MEMORY_IS_BUILT_IN
  CHECK(info.file.empty());
#else
  CHECK(info.file == memory_plugin());
  CHECK(verify_plugin(memory_plugin()).version == info.version);
#endif
}

#ifdef PURGATORY_TEST_MEMORY_IS_BUILT_IN

TEST_CASE("a file of a built-in backend's name is not listed, and refused when it is verified") {
  const Place place;
  const fs::path file = place.directory() / "purgatory_memory.so";
  fs::rename(place.put("plain"), file);
  CHECK(listed(searching(place.directory()), "memory").file.empty());
  CHECK(refusal_by([&] { (void)verify_plugin(file); }) ==
        "plugin " + file.string() + " is refused: the backend 'memory' is built into this library");
  CHECK_FALSE(place.code_ran());
}

#endif

}  // namespace purgatory::loader_test

// Plugins that somebody else could have written or replaced.

#include <unistd.h>

#include <catch2/catch.hpp>
#include <vector>

#include "core/plugin/file.hpp"
#include "core/plugin/loader.hpp"
#include "tests/loader/fixture.hpp"

namespace purgatory::loader_test {
namespace {

void give_away(const fs::path& path) {
  REQUIRE(::chown(path.c_str(), OtherUser::kId, static_cast<gid_t>(-1)) == 0);
}

void load_below(const Place& place, const fs::path& directory, unsigned mode) {
  place.put("plain");
  fs::permissions(directory, fs::perms{mode});
  load(place);
}

}  // namespace

std::vector<Refusal> refusals_of_owners() {
  return {
      {"file_of_everybody",
       [](const Place& place) {
         place.put("plain", fs::perms{0666});
         load(place);
       }},
      {"file_of_a_group",
       [](const Place& place) {
         place.put("plain", fs::perms{0664});
         load(place);
       }},
      {"directory_of_everybody",
       [](const Place& place) { load_below(place, place.directory(), 0777); }},
      {"directory_of_a_group",
       [](const Place& place) { load_below(place, place.directory(), 0775); }},
      {"directory_above_of_everybody",
       [](const Place& place) { load_below(place, place.above(), 0777); }},
      {.name = "file_of_another_user",
       .attempt =
           [](const Place& place) {
             give_away(place.put("plain"));
             load(place);
           },
       .needs_root = true},
      {.name = "directory_of_another_user",
       .attempt =
           [](const Place& place) {
             place.put("plain");
             give_away(place.directory());
             load(place);
           },
       .needs_root = true},
  };
}

TEST_CASE("a plugin that another user could have changed is refused before its code runs") {
  check(refusals_of_owners());
}

TEST_CASE("allow_insecure loads what another user could have changed") {
  const Place place;
  place.put("plain", fs::perms{0666});
  fs::permissions(place.directory(), fs::perms{0777});
  if (is_root("the owner of an insecure plugin")) give_away(place.file());
  CHECK_THROWS_AS(load(place), Error);
  load(place, true);
  CHECK(place.code_ran());
}

TEST_CASE("what everybody may write to is fine if it has the sticky bit, as /tmp") {
  const Place place;
  place.put("plain");
  fs::permissions(place.directory(), fs::perms{01777});
  load(place);
  CHECK(place.code_ran());
}

TEST_CASE("the sticky bit of a file helps nothing") {
  const Place place;
  place.put("plain", fs::perms{01666});
  CHECK_THROWS_AS(load(place), Error);
}

TEST_CASE("files of the user of this process are fine") {
  if (!is_root("files of the user of this process")) return;
  const Place place;
  give_away(place.put("plain"));
  give_away(place.directory());
  const OtherUser user;
  (void)plugin::load(place.file(), kName, false);
}

TEST_CASE("below the directory of the core library its owner is fine, and nobody looks above it") {
  if (!is_root("the owner of the core library")) return;
  const Place place;
  const fs::path file = place.put("plain");
  for (const fs::path& path : {file, place.directory(), place.above()}) give_away(path);
  fs::permissions(place.above(), fs::perms{0777});
  CHECK_THROWS_AS(plugin::Trust(std::nullopt).check(file), Error);
  CHECK_THROWS_AS(plugin::Trust(place.make_directory("core")).check(file), Error);
  plugin::Trust(place.above()).check(file);
  fs::permissions(file, fs::perms{0666});
  CHECK_THROWS_AS(plugin::Trust(place.above()).check(file), Error);
}

}  // namespace purgatory::loader_test

// What directories and files of an archive are called.

#include <catch2/catch.hpp>
#include <set>

#include "core/archive/name.hpp"

namespace purgatory::archive {
namespace {

/// What a name was made from, if it was short.
std::string decoded(std::string_view name) {
  std::string id;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      id += name[i];
      continue;
    }
    id += static_cast<char>(std::stoi(std::string(name.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return id;
}

TEST_CASE("an id of plain letters is its own name") {
  CHECK(directory_name("shop") == "shop");
  CHECK(directory_name("age-daily-20240101T00Z") == "age-daily-20240101T00Z");
  CHECK(directory_name("a.b_C-9..") == "a.b_C-9..");
}

TEST_CASE("what a file system could take for something else is encoded") {
  CHECK(directory_name(".") == "%2E");
  CHECK(directory_name("..") == "%2E.");
  CHECK(directory_name(".hidden") == "%2Ehidden");
  CHECK(directory_name("a/b\\c") == "a%2Fb%5Cc");
  CHECK(directory_name("100%~") == "100%25%7E");
  CHECK(directory_name(std::string_view("\0\xFF\n", 3)) == "%00%FF%0A");
}

TEST_CASE("each byte comes back out of a name, and no two ids share one") {
  std::set<std::string> names;
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::string& before : {std::string(), std::string("x"), std::string("%")}) {
      const std::string id = before + static_cast<char>(byte);
      const std::string name = directory_name(id);
      CHECK(decoded(name) == id);
      CHECK(names.insert(name).second);
    }
  }
}

TEST_CASE("a name that no id has is known") {
  const std::string all_bytes = [] {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    return bytes;
  }();
  for (const std::string& id : {std::string("shop"), std::string(".."), all_bytes}) {
    CHECK(is_directory_name(directory_name(id)));
  }
  for (const char* name : {"lost+found", ".snapshots", ".", "..", "a b", "\xFF"}) {
    CHECK(!is_directory_name(name));
  }
}

TEST_CASE("a long id keeps its begin, and its hash tells it apart") {
  CHECK(directory_name(std::string(200, 'x')) == std::string(200, 'x'));
  const std::string plain = directory_name(std::string(201, 'x'));
  CHECK(plain.size() == 133);
  CHECK(plain.starts_with(std::string(100, 'x') + "~"));
  CHECK(plain != directory_name(std::string(202, 'x')));
  CHECK(plain != directory_name(std::string(200, 'x') + 'y'));
}

TEST_CASE("the begin of a long name ends with a whole escape") {
  // 33 escapes are 99 bytes, a plain letter before them makes 100.
  const std::string strange(254, '\xFF');
  CHECK(directory_name(strange).find('~') == 99);
  CHECK(directory_name("x" + strange).find('~') == 100);
  CHECK(directory_name("xy" + strange.substr(1)).find('~') == 98);
}

TEST_CASE("segments have numbers of six digits, or more") {
  CHECK(segment_name(1) == "000001");
  CHECK(segment_name(999'999) == "999999");
  CHECK(segment_name(1'000'000) == "1000000");
}

TEST_CASE("a file is hidden until it is whole, and known for what it is") {
  const std::string name = temporary_name("000001.jsonl.zst", 0xAB);
  CHECK(name.starts_with(".000001.jsonl.zst."));
  CHECK(name.ends_with("-00000000000000ab.tmp"));
  CHECK(name != temporary_name("000001.jsonl.zst", 0xAC));
  CHECK(is_temporary(name));
  CHECK(!is_temporary("000001.json"));
  CHECK(!is_temporary(".tmp"));
  CHECK(!is_temporary(".keep.tmp"));
  CHECK(!is_temporary(".000001.json"));
  CHECK(!is_temporary("000001.json.tmp"));
}

}  // namespace
}  // namespace purgatory::archive

// What is opened as a store, and what is refused with which text.

#include <fstream>

#include "plugins/file/schema.hpp"
#include "tests/file/child.hpp"
#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::Store;

void make_store(const fs::path& path) {
  const Store store(at_path(path));
  store.record(contract::numbered_jobs(20));
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void run(const fs::path& path, const std::string& sql) { Raw(path).run(sql); }

/// What opening fails with for a user who owns nothing here.
std::string opening_as_nobody(const fs::path& path) {
  return in_child([&] {
    become_nobody();
    return opening(path);
  });
}

}  // namespace

TEST_CASE("an empty file becomes a store") {
  const Directory directory;
  write(directory / "store", "");
  CHECK(opening(directory / "store") == "no error");
  CHECK(Raw(directory / "store").value("PRAGMA user_version") == "1");
}

TEST_CASE("a path whose directory does not exist is refused") {
  const Directory directory;
  CHECK(opening(directory / "absent/store") ==
        "config: repository.file.path: '<path>' lies in a directory that does not exist; make it "
        "first");
}

TEST_CASE("a path that is a directory is refused") {
  const Directory directory;
  CHECK(opening(directory.path()) ==
        "config: repository.file.path: '<path>' is no file: name one, it need not exist");
}

TEST_CASE("a path through a file is refused") {
  const Directory directory;
  write(directory / "plain", "text");
  CHECK(opening(directory / "plain/store") ==
        "unavailable: repository.file.path: '<path>' cannot be looked at: Not a directory");
}

TEST_CASE("a path that this user may not look at is refused") {
  if (!is_root()) return;
  const Directory directory;
  fs::permissions(directory.path(), fs::perms::owner_all);
  CHECK(opening_as_nobody(directory / "store") ==
        "permission: repository.file.path: '<path>' cannot be looked at: Permission denied");
}

TEST_CASE("a file that this user may only read is refused") {
  if (!is_root()) return;
  const Directory directory;
  fs::permissions(directory.path(), fs::perms{0755});
  make_store(directory / "store");
  fs::permissions(directory / "store", fs::perms{0444});
  CHECK(opening_as_nobody(directory / "store") ==
        "permission: repository.file.path: '<path>': Permission denied; this user needs to read "
        "and write the file and its directory");
}

TEST_CASE("a new file in a directory that this user may only read is refused") {
  if (!is_root()) return;
  const Directory directory;
  fs::permissions(directory.path(), fs::perms{0755});
  CHECK(opening_as_nobody(directory / "store") ==
        "permission: repository.file.path: '<path>': Permission denied; this user needs to read "
        "and write the file and its directory");
}

TEST_CASE("a store in a directory that this user may only read is refused") {
  if (!is_root()) return;
  const Directory directory;
  fs::permissions(directory.path(), fs::perms{0755});
  make_store(directory / "store");
  for (const char* suffix : {"-wal", "-shm"})
    fs::remove(directory / ("store" + std::string(suffix)));
  fs::permissions(directory / "store", fs::perms{0666});
  CHECK(opening_as_nobody(directory / "store") ==
        "permission: '<path>': attempt to write a readonly database (SQLite code 1544); this user "
        "needs to read and write the file and its directory");
}

TEST_CASE("a text file is refused") {
  const Directory directory;
  write(directory / "store", std::string(5000, 'x'));
  CHECK(opening(directory / "store") ==
        "corrupt: '<path>': file is not a database (SQLite code 26); the file is no SQLite "
        "database, or its first page is damaged: name another path, or restore a backup");
}

TEST_CASE("a database of another program is refused") {
  const Directory directory;
  run(directory / "store", "PRAGMA application_id = 7; CREATE TABLE t (a)");
  CHECK(opening(directory / "store") ==
        "config: '<path>' is a database of another program (application id 0x7, a store has "
        "0x50726774): name another path");
}

TEST_CASE("a database that names no program is refused unless it is empty") {
  const Directory directory;
  run(directory / "store", "CREATE TABLE t (a)");
  CHECK(opening(directory / "store") ==
        "config: '<path>' is a database of another program (application id 0x0, a store has "
        "0x50726774): name another path");
}

TEST_CASE("a store with a newer schema is refused, and left as it is") {
  const Directory directory;
  make_store(directory / "store");
  run(directory / "store", "PRAGMA user_version = 2");
  CHECK(opening(directory / "store") ==
        "unsupported: '<path>' has schema 2, this library knows up to 1: open it with the version "
        "that wrote it, or a later one");
  CHECK(Raw(directory / "store").value("PRAGMA user_version") == "2");
}

TEST_CASE("a store with a schema that there never was is refused") {
  const Directory directory;
  make_store(directory / "store");
  for (const char* version : {"-1", "0"}) {
    run(directory / "store", std::string("PRAGMA user_version = ") + version);
    CHECK(opening(directory / "store") == std::string("corrupt: '<path>' says it has schema ") +
                                              version +
                                              ", which there never was: restore a backup");
  }
}

TEST_CASE("a store that was cut off is refused as damaged") {
  const Directory directory;
  make_store(directory / "store");
  fs::resize_file(directory / "store", 3 * 4096);
  CHECK(opening(directory / "store") ==
        "corrupt: '<path>': database disk image is malformed (SQLite code 11); the file is "
        "damaged: run its check, or restore a backup");
}

TEST_CASE("a cut off first page is refused") {
  const Directory directory;
  make_store(directory / "store");
  fs::resize_file(directory / "store", 1000);
  CHECK(opening(directory / "store").starts_with("corrupt: '<path>': "));
}

// SQLite cannot know whose log it is, so what it reads may be the other's: docs say to copy both.
TEST_CASE("a store with the log of another store beside it fails as damaged, or reads as a store") {
  const Directory directory;
  make_store(directory / "store");
  const Store other(at_path(directory / "other"));
  other.record(contract::a_job("stranger"));
  fs::copy_file(directory / "other-wal", directory / "store-wal",
                fs::copy_options::overwrite_existing);
  const std::string outcome = contract::error_of([&] {
    const Store store(at_path(directory / "store"));
    CHECK(store.count() == (store.has("stranger") ? 1 : 20));
  });
  CHECK((outcome == "no error" || outcome.starts_with("corrupt: ")));
}

TEST_CASE("a file system without shared memory is refused") {
  const Directory directory;
  FaultVfs vfs;
  vfs.take_shared_memory_away();
  CHECK(opening(directory / "store") ==
        "unsupported: '<path>' cannot have a write-ahead log: its file system lacks shared memory, "
        "as network file systems do; name a path on a local disk");
}

}  // namespace purgatory::file_test

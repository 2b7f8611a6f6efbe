// Files that are there as a whole or not at all.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/archive/damage.hpp"
#include "core/archive/files.hpp"
#include "core/archive/name.hpp"
#include "purgatory/error.hpp"
#include "tests/archive/content.hpp"
#include "tests/contract/fixture.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace {

/// For how many renames to come somebody removes the file first.
int renames_too_late = 0;

/// Where somebody tidies before each rename; empty: nowhere.
std::filesystem::path tidied;

/// What was asked of the system, in its order.
std::vector<std::string> asked;

}  // namespace

// In the place of the C library's.
extern "C" {

int rename(const char* from, const char* to) noexcept {
  asked.emplace_back("rename");
  if (!tidied.empty()) purgatory::archive::remove_temporary(tidied);
  if (renames_too_late > 0) {
    --renames_too_late;
    ::unlink(from);
  }
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int fsync(int file) {
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  asked.push_back("sync " + std::filesystem::read_symlink(link).filename().native());
  return static_cast<int>(::syscall(SYS_fsync, file));
}
}

namespace purgatory::archive {
namespace {

using archive_test::bytes_of;
using archive_test::files_in;
using archive_test::put;
using contract::error_of;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

std::string damage_of_file(const std::filesystem::path& file, std::uint64_t most) {
  try {
    static_cast<void>(read_file(file, most));
  } catch (const Damage& damage) {
    return damage.what();
  }
  return "no damage";
}

TEST_CASE("directories and files are their user's alone") {
  const processes::TemporaryDirectory directory;
  const Host host;
  const auto root = directory.path() / "a" / "b";
  const Files files(root, host);
  files.make_directory(root);
  files.make_directory(root);
  files.make_directory(root / "c");
  files.write(root / "c" / "1.json", "{}");
  CHECK(mode_of(directory.path() / "a") == 0700);
  CHECK(mode_of(root) == 0700);
  CHECK(mode_of(root / "c") == 0700);
  CHECK(mode_of(root / "c" / "1.json") == 0600);
}

TEST_CASE("a file has its name once its bytes are durable, and its name is then") {
  const processes::TemporaryDirectory directory;
  Host host;
  host.random = [] { return 0xAB; };
  const Files files(directory.path(), host);
  asked.clear();
  files.write(directory.path() / "1.json", "{}");
  CHECK(asked == std::vector<std::string>{"sync " + temporary_name("1.json", 0xAB), "rename",
                                          "sync " + directory.path().filename().native()});
}

TEST_CASE("the name of a directory is durable, whoever made it") {
  const processes::TemporaryDirectory directory;
  const Host host;
  const Files files(directory.path(), host);
  const std::string parent = directory.path().filename();
  asked.clear();
  files.make_directory(directory.path() / "a" / "b");
  CHECK(asked == std::vector<std::string>{"sync " + parent, "sync a"});
  files.make_directory(directory.path() / "a");
  CHECK(asked.back() == "sync " + parent);
}

TEST_CASE("a file is replaced by one of the same name, and nothing else is left") {
  const processes::TemporaryDirectory directory;
  const Host host;
  const Files files(directory.path(), host);
  files.write(directory.path() / "1.json", std::string(100'000, 'x'));
  files.write(directory.path() / "1.json", "short");
  CHECK(bytes_of(directory.path() / "1.json") == "short");
  CHECK(files_in(directory.path()) == std::vector<std::string>{"1.json"});
}

TEST_CASE("a file that cannot get its name leaves nothing behind") {
  const processes::TemporaryDirectory directory;
  const Host host;
  const Files files(directory.path(), host);
  std::filesystem::create_directories(directory.path() / "1.json" / "in the way");
  const std::string path = directory.path();
  CHECK(error_of([&] { files.write(directory.path() / "1.json", "x"); }) ==
        "unavailable: archive '" + path + "': cannot write '" + path +
            "/1.json': Is a directory; nothing is freed until it can be written");
  CHECK(files_in(directory.path()).empty());
}

TEST_CASE("a file that is being written is no dead writer's") {
  const processes::TemporaryDirectory directory;
  const Host host;
  const Files files(directory.path(), host);
  put(directory.path() / ".000001.json.4711-00000000000000ab.tmp", "half");
  tidied = directory.path();
  asked.clear();
  files.write(directory.path() / "1.json", "x");
  tidied.clear();
  CHECK(std::ranges::count(asked, "rename") == 1);
  CHECK(files_in(directory.path()) == std::vector<std::string>{"1.json"});
}

TEST_CASE("a file that was taken for a dead writer's is written again, a few times") {
  const processes::TemporaryDirectory directory;
  const Host host;
  const Files files(directory.path(), host);
  const std::string file = directory.path() / "1.json";
  renames_too_late = 2;
  files.write(file, "x");
  CHECK(bytes_of(file) == "x");

  renames_too_late = 3;
  CHECK(error_of([&] { files.write(file, "y"); }) ==
        "unavailable: archive '" + directory.path().native() + "': cannot write '" + file +
            "': No such file or directory; nothing is freed until it can be written");
  CHECK(renames_too_late == 0);
  CHECK(bytes_of(file) == "x");
}

TEST_CASE("what dead writers left is removed, and nothing else") {
  const processes::TemporaryDirectory directory;
  put(directory.path() / ".000001.json.4711-00000000000000ab.tmp", "half");
  put(directory.path() / ".000001.jsonl.zst.4711-00000000000000ab.tmp", "half");
  put(directory.path() / ".nfs000000000001", "somebody's");
  put(directory.path() / "000001.json", "{}");
  put(directory.path() / "notes.tmp", "somebody's");
  remove_temporary(directory.path());
  CHECK(files_in(directory.path()) ==
        std::vector<std::string>{".nfs000000000001", "000001.json", "notes.tmp"});
  remove_temporary(directory.path() / "absent");
}

TEST_CASE("a file is read up to a size, and only if it is one") {
  const processes::TemporaryDirectory directory;
  const auto file = directory.path() / "file";
  put(file, "12345");
  CHECK(read_file(file, 5) == "12345");
  CHECK(damage_of_file(file, 4) == "has 5 bytes, at most 4 can be right");
  CHECK(damage_of_file(directory.path() / "absent", 4) == "is not there");
  CHECK(damage_of_file(directory.path(), 4) == "is not a regular file");
  CHECK(damage_of_file(file / "below", 4) == "cannot be opened: Not a directory");
  const auto pipe = directory.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(damage_of_file(pipe, 4) == "is not a regular file");
}

}  // namespace
}  // namespace purgatory::archive

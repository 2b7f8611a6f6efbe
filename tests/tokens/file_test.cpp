// The file of tokens: who may write it, and what becomes of it.

#include "apps/tokens/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <iterator>

#include "tests/contract/threads.hpp"
#include "tests/processes/temporary_directory.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory::tokens_test {

namespace fs = std::filesystem;

namespace {

tokens::Entry an_entry(std::string_view token) {
  tokens::Entry entry{.hash = tokens::hash_of(token)};
  entry.identity = {.name = std::string(token), .projects = {"media"}};
  return entry;
}

class TokenFile {
 public:
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }
  [[nodiscard]] std::string name() const { return "'" + path_.string() + "'"; }

  void write(std::string_view text) const {
    std::ofstream(path_, std::ios::binary) << text;
    fs::permissions(path_, fs::perms(0644));
  }
  [[nodiscard]] std::string text() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  [[nodiscard]] std::string append(std::string_view token) const {
    return unit::error_of([&] { tokens::append(path_, an_entry(token)); });
  }
  [[nodiscard]] std::string read() const {
    return unit::error_of([&] { (void)tokens::read(path_); });
  }

 private:
  processes::TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "tokens";
};

/// No file may be longer than this while it lives, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

/// Sends this process SIGALRM again and again while it lives.
class Alarms {
 public:
  Alarms() {
    struct sigaction action {};
    action.sa_handler = [](int) {};  // without SA_RESTART: what waits is interrupted
    ::sigaction(SIGALRM, &action, nullptr);
    const itimerval each_millisecond{.it_interval = {.tv_sec = 0, .tv_usec = 1000},
                                     .it_value = {.tv_sec = 0, .tv_usec = 1000}};
    ::setitimer(ITIMER_REAL, &each_millisecond, nullptr);
  }
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;
  ~Alarms() {
    const itimerval never{};
    ::setitimer(ITIMER_REAL, &never, nullptr);
  }
};

}  // namespace

TEST_CASE("the first token makes the file, for its owner alone, others are added") {
  const TokenFile file;
  CHECK(file.append("one") == "no error");
  CHECK(fs::status(file.path()).permissions() == fs::perms(0600));
  CHECK(file.text() == tokens::print(an_entry("one")));
  CHECK(file.append("two") == "no error");
  CHECK(file.text() == tokens::print(an_entry("one")) + tokens::print(an_entry("two")));
  CHECK(tokens::read(file.path()).at(1).identity.name == "two");
}

TEST_CASE("a line without its end stays a line of its own") {
  const TokenFile file;
  file.write("# mine");
  CHECK(file.append("one") == "no error");
  CHECK(file.text() == "# mine\n" + tokens::print(an_entry("one")));
}

TEST_CASE("a file in the working directory needs no directory in its name") {
  const TokenFile file;
  const fs::path before = fs::current_path();
  fs::current_path(file.path().parent_path());
  CHECK(unit::error_of([] { tokens::append("tokens", an_entry("one")); }) == "no error");
  CHECK(unit::error_of([] { (void)tokens::read("gone"); }) ==
        "config: the token file 'gone' does not exist; 'purgatory token create' makes one");
  fs::current_path(before);
  CHECK(tokens::read(file.path()).size() == 1);
}

TEST_CASE("many add tokens at the same time, and none is lost") {
  const TokenFile file;
  constexpr std::size_t kEach = 20;
  contract::run_together(contract::kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kEach; ++i) {
      tokens::append(file.path(), an_entry(fmt::format("{}-{}", thread, i)));
    }
  });
  CHECK(tokens::read(file.path()).size() == contract::kThreads * kEach);
}

TEST_CASE("a signal ends the wait for another one who adds a token") {
  const TokenFile file;
  file.write("");
  const int other = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::flock(other, LOCK_EX) == 0);
  {
    const Alarms alarms;
    CHECK(file.append("one") ==
          "unavailable: " + file.name() + " cannot be locked: Interrupted system call");
  }
  ::close(other);
  CHECK(file.text() == "");
  CHECK(file.append("one") == "no error");
}

TEST_CASE("a file that others can write is refused") {
  const TokenFile file;
  file.write("");
  for (const int mode : {0620, 0602, 0666}) {
    fs::permissions(file.path(), fs::perms(mode));
    const std::string said = "config: the token file " + file.name() +
                             " can be written by others than its owner: chmod go-w it";
    CHECK(file.read() == said);
    CHECK(file.append("one") == said);
  }
  CHECK(file.text() == "");
  fs::permissions(file.path(), fs::perms(0444));
  CHECK(file.read() == "no error");
}

TEST_CASE("what is no regular file is refused at once") {
  const TokenFile file;
  const std::string said = "config: the token file " + file.name() + " is not a regular file";
  REQUIRE(::mkfifo(file.path().c_str(), 0600) == 0);
  CHECK(file.read() == said);
  CHECK(file.append("one") == said);
  fs::remove(file.path());
  fs::create_directory(file.path());
  CHECK(file.read() == said);
  CHECK(file.append("one") == "config: " + file.name() + " cannot be opened: Is a directory");
}

TEST_CASE("no directory is made for the file") {
  const TokenFile file;
  const fs::path below = file.path() / "tokens";
  CHECK(unit::error_of([&] { tokens::append(below, an_entry("one")); }) ==
        "config: '" + below.string() + "' cannot be opened: No such file or directory");
}

TEST_CASE("a file has 1 MiB at most") {
  const TokenFile file;
  const std::string line = tokens::print(an_entry("one"));
  const auto comment = [](std::size_t size) { return std::string(size - 1, '#') + '\n'; };
  file.write(comment((1 << 20) - line.size()));
  CHECK(file.append("one") == "no error");
  CHECK(tokens::read(file.path()).size() == 1);
  CHECK(file.append("two") ==
        "exhausted: the token file " + file.name() + " has no room for another line: delete some");
  file.write(comment((1 << 20) + 1));
  CHECK(file.read() == "config: the token file " + file.name() + " has more than 1048576 bytes");
}

TEST_CASE("nothing is added to a file that no server would read") {
  const TokenFile file;
  file.write("purgatory_secret\n");
  CHECK(file.append("one").starts_with("config: " + file.path().string() +
                                       ":1:1: is no field: there are sha256="));
  CHECK(file.text() == "purgatory_secret\n");
  file.write(tokens::print(an_entry("one")));
  CHECK(file.append("one") ==
        "config: " + file.path().string() + ":2:1: sha256: is that of line 1");
  CHECK(file.text() == tokens::print(an_entry("one")));
}

TEST_CASE("a line that finds no room on the disk leaves the file as it was") {
  const TokenFile file;
  CHECK(file.append("one") == "no error");
  const std::string before = file.text();
  {
    const FileSizeLimit limit(before.size() + 10);
    CHECK(file.append("two") == "exhausted: " + file.name() + " cannot be written: File too large");
  }
  CHECK(file.text() == before);
  CHECK(file.append("two") == "no error");
}

}  // namespace purgatory::tokens_test

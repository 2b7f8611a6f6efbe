// Configurations in files.

#include <sys/stat.h>
#include <unistd.h>

#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

constexpr std::string_view kMemory = "version: 1\nrepository:\n  backend: memory\n";

std::string load_error(const fs::path& file) {
  const Error error = error_of([&] { return Config::load(file); });
  CHECK(error.code() == ErrorCode::config);
  return error.what();
}

TEST_CASE("relative paths of a file begin at its directory") {
  const WorkingDirectory here;
  write("etc/secrets/password", "hunter2\n");
  write("etc/purgatory.yaml", sample("url: here\ncertificates: [a.pem, ../b.pem, /c.pem]\n"
                                     "password_file: secrets/password") +
                                  "plugins: { path: [plugins] }\n");
  for (const fs::path& file :
       {fs::path("etc/purgatory.yaml"), here.path() / "etc/purgatory.yaml"}) {
    const Config config = Config::load(file);
    CHECK(config.repository.options.text("directory") == here.path() / "etc" / "sample");
    CHECK(config.repository.options.list("certificates") ==
          Options::List{(here.path() / "etc" / "a.pem").string(), (here.path() / "b.pem").string(),
                        "/c.pem"});
    CHECK(config.repository.options.text("password") == "hunter2");
    CHECK(config.plugins.path == Options::List{(here.path() / "etc" / "plugins").string()});
  }
}

TEST_CASE("a file in the working directory needs no directory in its name") {
  const WorkingDirectory here;
  write("purgatory.yaml", sample("url: here\ndirectory: data"));
  CHECK(Config::load("purgatory.yaml").repository.options.text("directory") ==
        here.path() / "data");
}

TEST_CASE("mistakes in a file are behind its name as it was given") {
  const WorkingDirectory here;
  write("etc/purgatory.yaml", "version: 2\n");
  CHECK(load_error("etc/purgatory.yaml") ==
        "etc/purgatory.yaml:1:1: repository: is required and is missing\n"
        "etc/purgatory.yaml:1:10: version: '2' is out of range: only 1 is allowed");
}

TEST_CASE("a file that is not there is named") {
  const WorkingDirectory here;
  CHECK(load_error("purgatory.yaml") == "the configuration 'purgatory.yaml' does not exist");
  CHECK(load_error("") == "the configuration '' does not exist");
  write("file", "");
  CHECK(load_error("file/purgatory.yaml") ==
        "the configuration 'file/purgatory.yaml' does not exist");
  fs::create_symlink("nowhere", "link");
  CHECK(load_error("link") == "the configuration 'link' does not exist");
  fs::create_symlink("loop", "loop");
  CHECK(load_error("loop").starts_with("the configuration 'loop' cannot be looked at: "));
}

TEST_CASE("a directory is no configuration") {
  const WorkingDirectory here;
  fs::create_directory("etc");
  CHECK(load_error("etc") == "the configuration 'etc' is not a regular file");
}

TEST_CASE("a FIFO that nobody writes into is refused at once") {
  const WorkingDirectory here;
  REQUIRE(::mkfifo("fifo", 0600) == 0);
  CHECK(load_error("fifo") == "the configuration 'fifo' is not a regular file");
  CHECK(mistakes_of(sample("url: here\npassword_file: fifo")) ==
        "c.yaml:6:20: repository.sample.password_file: the file 'fifo' is not a regular file");
}

TEST_CASE("a file that this user may not read is refused") {
  if (::geteuid() == 0) {
    WARN("skipped: root may read every file");
    return;
  }
  const WorkingDirectory here;
  write("purgatory.yaml", kMemory);
  fs::permissions("purgatory.yaml", fs::perms::none);
  CHECK(load_error("purgatory.yaml")
            .starts_with("the configuration 'purgatory.yaml' cannot be opened: "));
}

TEST_CASE("a link to a file is followed, and paths begin at the link's directory") {
  const WorkingDirectory here;
  write("versions/1.yaml", sample("url: here\ndirectory: data"));
  fs::create_symlink("versions/1.yaml", "purgatory.yaml");
  CHECK(Config::load("purgatory.yaml").repository.options.text("directory") ==
        here.path() / "data");
}

TEST_CASE("a file has 1 MiB at most") {
  const WorkingDirectory here;
  const std::string filled =
      std::string(kMemory) + "#" + std::string((1 << 20) - kMemory.size() - 1, 'x');
  write("purgatory.yaml", filled);
  CHECK(Config::load("purgatory.yaml").repository.backend == "memory");
  write("purgatory.yaml", filled + "x");
  CHECK(load_error("purgatory.yaml") ==
        "the configuration 'purgatory.yaml' has more than 1048576 bytes");
}

TEST_CASE("an empty file is no configuration") {
  const WorkingDirectory here;
  write("purgatory.yaml", "");
  CHECK(load_error("purgatory.yaml") ==
        "purgatory.yaml:1:1: is empty: it needs at least 'version: 1' and 'repository'");
}

}  // namespace
}  // namespace purgatory::config_test

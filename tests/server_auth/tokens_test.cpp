// By tokens of the server's own.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>

#include "apps/tokens/file.hpp"
#include "tests/contract/threads.hpp"
#include "tests/processes/temporary_directory.hpp"
#include "tests/server_auth/fixture.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory::server_auth_test {

namespace fs = std::filesystem;

namespace {

std::string line(std::string_view token, std::string_view rest) {
  return fmt::format("sha256={:02x} {}\n", fmt::join(tokens::hash_of(token), ""), rest);
}

/// A file of tokens, and a server that knows them.
class Server {
 public:
  explicit Server(std::string_view text) {
    write(text);
    host_.clock = [this] { return now; };
    authenticator_ = server::make_authenticator({.tokens_file = path().string()}, host_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] fs::path path() const { return directory_.path() / "tokens"; }
  /// As an editor does: readers see the old text or the new one.
  void write(std::string_view text) const {
    const fs::path written = directory_.path() / "written";
    std::ofstream(written, std::ios::binary) << text;
    fs::permissions(written, fs::perms(0600));
    fs::rename(written, path());
  }

  [[nodiscard]] server::Authenticator& authenticator() const { return *authenticator_; }
  [[nodiscard]] std::string by(const std::string& token) const {
    return sender_of(*authenticator_, {{"X-Auth-Token", token}});
  }

  Time now{};

 private:
  processes::TemporaryDirectory directory_;
  Host host_;
  std::unique_ptr<server::Authenticator> authenticator_;
};

}  // namespace

TEST_CASE("a token stands for whom its line says") {
  const Server server(line("a", "project=media project=web role=operator name=ann") +
                      line("b", "project=media role=reader") + line("c", "project=* role=reader"));
  CHECK(server.by("a") == "ann of media,web may delete");
  CHECK(server.by("b") == "token:3e23e816 of media may read");
  CHECK(server.by("c") == "token:2e7d2c03 of * may read");
  CHECK(sender_of(server.authenticator(), {{"x-auth-token", "a"}}) ==
        "ann of media,web may delete");
}

TEST_CASE("a token that was made by the command line works") {
  const Server server("");
  const std::string token = tokens::new_token();
  tokens::Entry entry{.hash = tokens::hash_of(token)};
  entry.identity = {.name = "ann", .projects = {"media"}, .may_delete = true};
  tokens::append(server.path(), entry);
  CHECK(server.by(token) == "nobody");
  CHECK(server.authenticator().reload() == 1);
  CHECK(server.by(token) == "ann of media may delete");
}

TEST_CASE("without a token, or with one that is not in the file, there is nobody") {
  const Server server(line("a", "project=media role=operator"));
  CHECK(sender_of(server.authenticator(), {}) == "nobody");
  for (const std::string token : {"", "b", "A", " a", "aa"}) CHECK(server.by(token) == "nobody");
  // Neither the hash nor the name is a token.
  CHECK(server.by("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb") == "nobody");
  CHECK(server.by("token:ca978112") == "nobody");
  CHECK(sender_of(server.authenticator(), {{"Authorization", "a"}}) == "nobody");
}

TEST_CASE("two tokens are refused, whatever they are, and not shown") {
  const Server server(line("a", "project=media role=operator"));
  for (const std::string second : {"a", "secret"}) {
    CHECK(
        sender_of(server.authenticator(), {{"X-Auth-Token", "a"}, {"x-auth-token", second}}) ==
        R"(400 {"error":{"code":"SDRS.0201","message":"X-Auth-Token is given more than once."}})");
  }
}

TEST_CASE("a token ends at the millisecond that its line says, by the host's clock") {
  Server server(line("a", "project=media role=reader name=ann expires=2027-01-01T00:00:00Z"));
  const Time end = parse_time("2027-01-01T00:00:00Z").value();
  server.now = end - std::chrono::milliseconds(1);
  CHECK(server.by("a") == "ann of media may read");
  server.now = end;
  CHECK(server.by("a") == "nobody");
  server.now = end + std::chrono::milliseconds(1);
  CHECK(server.by("a") == "nobody");
  server.now = Time{};
  CHECK(server.by("a") == "ann of media may read");
}

TEST_CASE("a server does not begin with a file that is wrong") {
  const Host host;
  const processes::TemporaryDirectory directory;
  const fs::path gone = directory.path() / "tokens";
  CHECK(unit::error_of([&] {
          (void)server::make_authenticator({.tokens_file = gone.string()}, host);
        }) == "config: the token file '" + gone.string() +
                  "' does not exist; 'purgatory token create' makes one");
}

TEST_CASE("tokens that were taken out of the file end when it is read again") {
  const Server server(line("a", "project=media role=operator") +
                      line("b", "project=* role=reader"));
  server.write(line("b", "project=web role=reader name=bob"));
  CHECK(server.by("a") == "token:ca978112 of media may delete");
  CHECK(server.authenticator().reload() == 1);
  CHECK(server.by("a") == "nobody");
  CHECK(server.by("b") == "bob of web may read");
  server.write("");
  CHECK(server.authenticator().reload() == 0);
  CHECK(server.by("b") == "nobody");
}

TEST_CASE("a file that is wrong when it is read again leaves the tokens as they were") {
  const Server server(line("a", "project=media role=reader name=ann"));
  const auto reload = [&] {
    return unit::error_of([&] { (void)server.authenticator().reload(); });
  };
  server.write(line("b", "project=media role=reader") + "purgatory_secret\n");
  CHECK(
      reload().starts_with("config: " + server.path().string() + ":2:1: is no field: there are "));
  CHECK(reload().find("secret") == std::string::npos);
  CHECK(server.by("a") == "ann of media may read");
  CHECK(server.by("b") == "nobody");
  fs::permissions(server.path(), fs::perms(0666));
  CHECK(reload() == "config: the token file '" + server.path().string() +
                        "' can be written by others than its owner: chmod go-w it");
  fs::remove(server.path());
  CHECK(reload() == "config: the token file '" + server.path().string() +
                        "' does not exist; 'purgatory token create' makes one");
  CHECK(server.by("a") == "ann of media may read");
}

TEST_CASE(
    "requests are authenticated while tokens are read again, by the old ones or the new ones") {
  const std::string constant = line("constant", "project=media role=reader name=ann");
  const std::string old_line = line("old", "project=media role=reader");
  const std::string new_line = line("new", "project=media role=reader");
  const Server server(constant + old_line);
  std::atomic<int> wrong = 0;
  std::atomic<bool> done = false;
  contract::run_together(contract::kThreads, [&](std::size_t thread) {
    if (thread == 0) {
      for (int i = 0; i < 200; ++i) {
        server.write(constant + (i % 2 == 0 ? new_line : old_line));
        if (server.authenticator().reload() != 2) ++wrong;
      }
      done = true;
      return;
    }
    while (!done) {
      if (server.by("constant") != "ann of media may read") ++wrong;
      if (server.by("other") != "nobody") ++wrong;
    }
  });
  CHECK(wrong == 0);
}

}  // namespace purgatory::server_auth_test

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/run/sandbox.hpp"
#include "tests/server/client.hpp"
#include "tests/server/log.hpp"
#include "tests/server/token.hpp"

/// purgatoryd as its clients have it: a process, sockets, a log.
namespace purgatory::server_test {

using cli_run::Sandbox;

/// The list of failed tasks in the project "shop".
inline constexpr std::string_view kList = "/v1/shop/task-center/failure-jobs";
/// All of them at the project's level.
inline constexpr std::string_view kBatch = "/v1/shop/task-center/failure-jobs/batch";

/// The configuration, as far as a test is about it.
struct Settings {
  std::string repository = "{ backend: file, file: { path: store.db, durability: normal } }";
  std::string listen = "127.0.0.1:0";
  std::string auth = "{ mode: tokens, tokens: { file: tokens } }";
  std::vector<std::string> more{};  ///< Of the section `server`: "connections: 2".
  std::string sections{};           ///< Further sections, of several lines.
  std::vector<Token> tokens{an_operator(), a_reader()};
};

/// Writes server.yaml, and the file of tokens that it names.
void configure(const Sandbox& box, const Settings& settings);
void write_tokens(const Sandbox& box, const std::vector<Token>& tokens);

/// A server that runs on the store of a sandbox. At its end it is asked to stop, and has to return
/// 0.
class Server {
 public:
  explicit Server(const Sandbox& box, const Settings& settings = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] const std::string& api() const noexcept { return api_; }
  [[nodiscard]] const std::string& admin() const noexcept { return admin_; }
  [[nodiscard]] Client connect() const { return Client(api_); }
  /// The answer to a request on a connection of its own.
  [[nodiscard]] Answer ask(std::string_view request) const { return connect().ask(request); }
  /// The body of a page of the admin port.
  [[nodiscard]] std::string admin_page(std::string_view target) const;
  /// The value of one line of the metrics: of "purgatory_http_connections", say. 0: it is not
  /// there.
  [[nodiscard]] double metric(const std::string& name) const;

  [[nodiscard]] const Log& log() const noexcept { return *log_; }
  [[nodiscard]] ::pid_t process() const noexcept { return process_->id(); }
  void signal(int number) const { process_->signal(number); }
  /// Asks it to stop, waits until it has, and returns its exit code.
  int stop();
  /// Waits until it ends by itself, and returns its exit code.
  int wait();

 private:
  std::optional<Log> log_;
  std::optional<cli_run::Process> process_;  ///< Ends first: then the log can be read to its end.
  std::string api_;
  std::string admin_;
  bool stopped_ = false;
};

/// How many jobs a list says that there are.
[[nodiscard]] std::uint64_t count_of(const Answer& page);
/// The ids of the jobs of a list.
[[nodiscard]] std::vector<std::string> ids_of(const Answer& page);

}  // namespace purgatory::server_test

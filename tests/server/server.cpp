#include "tests/server/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <exception>

namespace purgatory::server_test {
namespace {

std::string yaml(const Settings& settings) {
  return fmt::format(
      "version: 1\n"
      "repository: {}\n"
      "server:\n"
      "  listen: \"{}\"\n"
      "  admin: \"127.0.0.1:0\"\n"
      "  auth: {}\n"
      "  {}\n"
      "{}",
      settings.repository, settings.listen, settings.auth, fmt::join(settings.more, "\n  "),
      settings.sections);
}

}  // namespace

void configure(const Sandbox& box, const Settings& settings) {
  box.write("server.yaml", yaml(settings));
  write_tokens(box, settings.tokens);
}

void write_tokens(const Sandbox& box, const std::vector<Token>& tokens) {
  std::string lines = "# The tokens of a test.\n\n";
  for (const Token& token : tokens) lines += token.line();
  box.write("tokens", lines);
}

Server::Server(const Sandbox& box, const Settings& settings) {
  configure(box, settings);
  cli_run::Pipe err;
  log_.emplace(std::move(err.read_end));
  const cli_run::File nothing = cli_run::open_file("/dev/null", O_RDWR);
  cli_run::Start start = box.start("--config server.yaml");
  start.in = nothing.number();
  start.out = nothing.number();
  start.err = err.write_end.number();
  process_.emplace(PURGATORYD_PROGRAM, start);
  err.write_end.close();
  const boost::json::object listening = log_->wait_for("listening");
  api_ = text(listening, "api");
  admin_ = text(listening, "admin");
}

Server::~Server() {
  if (stopped_) return;
  try {
    const int code = stop();
    UNSCOPED_INFO(log_->text());
    CHECK(code == 0);
  } catch (const std::exception& error) {
    FAIL_CHECK(error.what());
  }
}

std::string Server::admin_page(std::string_view target) const {
  Client client(admin_);
  client.send(request("GET", target));
  const Answer answer = client.answer();
  INFO(target);
  REQUIRE(answer.status == 200);
  return answer.body;
}

double Server::metric(const std::string& name) const {
  const std::string page = "\n" + admin_page("/metrics");
  const std::size_t place = page.find("\n" + name + " ");
  return place == std::string::npos ? 0 : std::stod(page.substr(place + name.size() + 2));
}

int Server::stop() {
  signal(SIGTERM);
  return wait();
}

int Server::wait() {
  stopped_ = true;
  const int code = process_->wait();
  log_->wait_for_end();
  return code;
}

std::uint64_t count_of(const Answer& page) {
  return boost::json::parse(page.body).at("count").to_number<std::uint64_t>();
}

std::vector<std::string> ids_of(const Answer& page) {
  std::vector<std::string> ids;
  const auto body = boost::json::parse(page.body);
  for (const auto& job : body.at("failure_jobs").as_array()) {
    ids.emplace_back(job.at("job_id").as_string());
  }
  return ids;
}

}  // namespace purgatory::server_test

#include "tests/server/conversation.hpp"

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <stdexcept>

namespace purgatory::server_test {
namespace {

/// The answers of a connection, told one after the other.
class Story {
 public:
  [[nodiscard]] const std::string& told() const noexcept { return told_; }
  [[nodiscard]] bool closes() const noexcept { return closes_; }

  void add(const Answer& answer, bool to_head) {
    if (closes_) told_ += "(after the last) ";
    told_ += fmt::format("{} ", answer.status);
    if (const std::string what = missing(answer, to_head); !what.empty()) {
      told_ += fmt::format("(without {}) ", what);
    }
    closes_ = answer.closes();
  }

  /// All that came until the server closed.
  void end(std::string rest) {
    while (!rest.empty()) {
      const std::optional<Answer> answer = take_answer(rest, false);
      if (!answer) throw std::runtime_error("half an answer");
      add(*answer, false);
    }
    told_ += "close";
  }

  void go_on(Client& client) {
    client.send(request("GET", "/v1", "X-Request-Id: one-more\r\n"));
    const bool answered = client.answer().field("X-Request-Id") == "one-more";
    told_ += answered ? "open" : "(another answer)";
  }

  void fail(std::string_view what) { told_ += fmt::format("({})", what); }

 private:
  std::string told_;
  bool closes_ = false;
};

}  // namespace

std::string outcome_of(Client& client, const Vector& vector) {
  Story story;
  try {
    for (const Vector::Expected& expected : vector.answers) {
      story.add(client.answer(expected.to_head), expected.to_head);
    }
    const bool open = vector.outcome.ends_with("open");
    // An answer that the client did not ask to be the last says so itself.
    const bool said = story.closes() || vector.half_closed;
    if (!open && !said) story.fail("not said that it closes");
    open ? story.go_on(client) : story.end(client.rest());
  } catch (const std::exception& error) {
    story.fail(error.what());
  }
  return story.told();
}

}  // namespace purgatory::server_test

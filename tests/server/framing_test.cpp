// Requests as bytes: which are answered how, whether the connection survives them, and that
// nothing hidden in one is taken for another.

#include <catch2/catch.hpp>
#include <iostream>
#include <vector>

#include "tests/server/conversation.hpp"
#include "tests/server/server.hpp"
#include "tests/server/vectors.hpp"

namespace purgatory::server_test {
namespace {

/// A server on a filled store, and all vectors for it.
struct Framing {
  Framing() { box.fill(); }

  /// What no vector does, in one piece or in several.
  void check_nothing_hidden_was_seen() {
    CHECK(server.stop() == 0);
    CHECK(server.log().events("log_dropped").empty());
    CHECK_FALSE(cli_run::contains(server.log().text(), "hidden"));
    CHECK_FALSE(cli_run::contains(server.log().text(), an_operator().secret()));
    CHECK(box.count() == 6);
  }

  Sandbox box;
  Server server{box};
  std::vector<Vector> vectors = framing_vectors();
};

void check_outcome(Client& client, const Vector& vector) {
  INFO(vector.name);
  CHECK(outcome_of(client, vector) == vector.outcome);
}

/// A client that has sent the first bytes of a vector.
struct Half {
  Client client;
  const Vector& vector;
  std::size_t sent;

  void send_rest() const {
    client.send(std::string_view(vector.bytes).substr(sent));
    if (vector.half_closed) client.half_close();
  }
};

}  // namespace

TEST_CASE("a request's bytes decide about its answer and its connection") {
  Framing framing;
  CHECK(framing.vectors.size() > 300);
  for (const Vector& vector : framing.vectors) {
    Half whole{framing.server.connect(), vector, 0};
    whole.send_rest();
    check_outcome(whole.client, vector);
  }
  framing.check_nothing_hidden_was_seen();
}

TEST_CASE("where a request is split between two packets makes no difference") {
  constexpr std::size_t kMostSplits = 1000;  // of one vector: the few longer ones are split less
  constexpr std::size_t kAtOnce = 400;
  Framing framing;
  std::vector<Half> halves;
  std::size_t splits = 0;
  const auto finish = [&] {
    // Answered after the server has read what all the others sent before.
    (void)framing.server.ask(request("GET", "/v1"));
    for (const Half& half : halves) half.send_rest();
    for (Half& half : halves) {
      INFO("split before byte " << half.sent);
      check_outcome(half.client, half.vector);
    }
    splits += halves.size();
    halves.clear();
  };
  for (const Vector& vector : framing.vectors) {
    const std::size_t step = 1 + vector.bytes.size() / kMostSplits;
    for (std::size_t at = step; at < vector.bytes.size(); at += step) {
      halves.push_back({framing.server.connect(), vector, at});
      halves.back().client.send(std::string_view(vector.bytes).substr(0, at));
      if (halves.size() == kAtOnce) finish();
    }
  }
  finish();
  std::cout << splits << " splits\n";
  framing.check_nothing_hidden_was_seen();
}

}  // namespace purgatory::server_test

#pragma once

#include <string>
#include <vector>

/// Requests as bytes, with what has to come of them: requests/framing.txt, whose head says how it
/// is written.
namespace purgatory::server_test {

struct Vector {
  struct Expected {
    unsigned status = 0;
    bool to_head = false;
  };

  std::string name;  ///< Of the file, with its line.
  std::string bytes{};
  bool half_closed = false;
  std::vector<Expected> answers{};
  std::string outcome{};  ///< "200 400 close", "200 open".
};

/// All of the file. Throws std::runtime_error naming a line that is none of the format.
[[nodiscard]] std::vector<Vector> framing_vectors();

}  // namespace purgatory::server_test

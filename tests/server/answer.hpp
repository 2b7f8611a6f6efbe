#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace purgatory::server_test {

/// An answer as it came.
struct Answer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string body{};

  /// The value of a field; absent: there is none. Names are the same in any case.
  [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
  /// It says that the connection ends with it.
  [[nodiscard]] bool closes() const;
};

/// Takes the next answer from the front of what came; absent: more has to come. `to_head`: it
/// answers HEAD, so no body follows. Throws std::runtime_error if the bytes are no answer of
/// RFC 9112, or one that leaves a choice to its reader.
[[nodiscard]] std::optional<Answer> take_answer(std::string& bytes, bool to_head);

/// What an answer of the API lacks of all that each of them has; empty: nothing.
[[nodiscard]] std::string missing(const Answer& answer, bool to_head);

/// "409 PURGATORY.0409: the message" of an error, "204" of another answer.
[[nodiscard]] std::string shown(const Answer& answer);

}  // namespace purgatory::server_test

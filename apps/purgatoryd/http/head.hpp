#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace purgatory::server::http {

/// The head of a request: its request line and its fields. No request here has a body.
struct Head {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;  ///< In their order.
  bool keep_alive = true;  ///< Whether the client takes another answer on this connection.

  /// The values of all fields of this name, whatever the case of its letters.
  [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;
};

/// What arrives is no request that may be answered otherwise than by 400 and a close: where it ends
/// cannot be trusted.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Finds the head of a request in what a connection has received, and holds it to RFC 9112: what
/// another server on the way could read otherwise is refused.
class HeadReader {
 public:
  static constexpr std::size_t kMostBytes = 8192;
  static constexpr std::size_t kMostFields = 64;

  /// `received` are all bytes since the last head, those of earlier calls, too. Takes the head from
  /// its front once it is there, and an empty line before it; nothing: more has to come. Throws
  /// Malformed, as soon as that can be seen.
  [[nodiscard]] std::optional<Head> read(std::string& received);

 private:
  /// Checks the bytes that have come since the last call. True: the head is complete.
  [[nodiscard]] bool scan(std::string_view received);
  void check_byte(char byte) const;
  void end_line();

  bool skipped_ = false;  ///< An empty line before the request.
  std::size_t scanned_ = 0;
  std::size_t line_size_ = 0;
  std::size_t lines_ = 0;
  char last_ = '\n';
};

}  // namespace purgatory::server::http

#pragma once

#include <string>
#include <string_view>

namespace purgatory::server_test {

/// A token of its own for each text of rights: "project=shop role=operator".
class Token {
 public:
  explicit Token(std::string_view rights);

  /// What its owner keeps.
  [[nodiscard]] const std::string& secret() const noexcept { return secret_; }
  /// The field that a client sends.
  [[nodiscard]] std::string field() const { return "X-Auth-Token: " + secret_ + "\r\n"; }
  /// The line of the server's file, which has only the secret's hash.
  [[nodiscard]] const std::string& line() const noexcept { return line_; }

 private:
  std::string secret_;
  std::string line_;
};

/// The two of most tests: who may read and delete in the project "shop", and who may read there.
[[nodiscard]] const Token& an_operator();
[[nodiscard]] const Token& a_reader();

}  // namespace purgatory::server_test

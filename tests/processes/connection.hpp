#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace purgatory::processes {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// One end of a socket pair that carries whole messages, one after the other.
class Connection {
 public:
  explicit Connection(int descriptor) : descriptor_(descriptor) {}

  /// Two ends; both close on exec.
  static std::pair<Connection, Connection> pair();

  [[nodiscard]] int descriptor() const { return descriptor_.number(); }

  /// False: the other end is gone.
  bool send(std::string_view message);
  /// Absent: the other end is gone.
  std::optional<std::string> receive();

 private:
  Descriptor descriptor_;
};

}  // namespace purgatory::processes

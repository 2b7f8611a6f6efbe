#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace purgatory::file_test {

/// A process that begins as a copy of this one, runs `action` and ends. Begin it only while no
/// other thread is inside the library.
class Child {
 public:
  explicit Child(const std::function<std::string()>& action);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// What the action returned, "threw: what" if it threw. Waits for the end.
  [[nodiscard]] std::string answer();

 private:
  ::pid_t process_ = 0;
  int pipe_ = -1;
};

/// Runs one and returns its answer.
[[nodiscard]] std::string in_child(const std::function<std::string()>& action);

/// Makes this process one of a user who owns nothing. Only root can do that, and not undo it.
void become_nobody();

/// Where children wait until all of them are there.
class Gate {
 public:
  Gate();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void wait();  ///< In a child.
  void open();  ///< In the parent.

 private:
  int wait_on_ = -1;
  int hold_ = -1;
};

}  // namespace purgatory::file_test

#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The program as its users have it: a process with arguments, an environment, streams, signals.
namespace purgatory::cli_run {

/// An open file.
class File {
 public:
  explicit File(int number = -1) noexcept : number_(number) {}
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File() { close(); }

  [[nodiscard]] int number() const noexcept { return number_; }
  void close() noexcept;

  /// All of it that can be read from here to its end.
  [[nodiscard]] std::string rest() const;
  void write(std::string_view text) const;

 private:
  int number_;
};

/// A file of this content that has no name.
[[nodiscard]] File file_of(std::string_view content);
/// All of such a file that a process wrote to.
[[nodiscard]] std::string content_of(const File& file);
/// A file of the file system.
[[nodiscard]] File open_file(const std::filesystem::path& path, int flags);

/// A pipe that holds as little as a pipe can: one page.
struct Pipe {
  Pipe();
  /// Waits until all that was written was read.
  void wait_until_empty() const;

  File read_end;
  File write_end;
};

/// What became of a process.
struct Result {
  int code = 0;  ///< 128 + n: signal n ended it.
  std::string out;
  std::string err;
};

/// How to start the program.
struct Start {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  ///< "NAME=value"; there is nothing else in it.
  std::filesystem::path directory;
  int in = -1;
  int out = -1;
  int err = -1;
  bool at_terminal = false;  ///< `err` is a terminal, and becomes the one that signals come from.
  bool as_nobody = false;    ///< By a user who owns nothing; only root can start that.
};

/// A process of the program, or of another one. It does not outlive this object.
class Process {
 public:
  explicit Process(const Start& start);
  Process(const std::string& program, const Start& start);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  [[nodiscard]] ::pid_t id() const noexcept { return id_; }
  /// Sends a signal at once.
  void signal(int number) const;
  /// Sends the signal once the program catches it, and waits until it did.
  void send(int signal) const;
  /// Sends it once the program does not catch it any more.
  void send_last(int signal) const;
  /// Waits for the end and returns the code.
  int wait();

 private:
  [[nodiscard]] bool catches(int signal) const;

  ::pid_t id_ = 0;
  File handle_;
};

/// Waits until it holds. Throws std::runtime_error naming it if it does not within a minute.
void wait_until(std::string_view what, const std::function<bool()>& condition);

}  // namespace purgatory::cli_run

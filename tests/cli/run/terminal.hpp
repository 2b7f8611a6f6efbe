#pragma once

#include <string>
#include <string_view>

#include "tests/cli/run/process.hpp"
#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

inline constexpr std::string_view kControlC = "\x03";
inline constexpr std::string_view kControlD = "\x04";

/// The program at a terminal, 80 columns wide: somebody sees what it shows, and types.
class Terminal {
 public:
  /// What is not at the terminal; -1: it is.
  struct Elsewhere {
    int in = -1;
    int out = -1;
  };
  Terminal(const Sandbox& sandbox, const Words& words) : Terminal(sandbox, words, {}) {}
  Terminal(const Sandbox& sandbox, const Words& words, Elsewhere elsewhere);

  /// Waits until it shows a text. Throws if it does not.
  void wait_for(std::string_view text);
  void type(std::string_view keys) const;
  /// Waits for the end. `out` is all that the terminal showed, as it came.
  Result finish();

  [[nodiscard]] const Process& process() const noexcept { return process_; }

 private:
  struct Ends {
    File person;
    File program;
  };
  static Ends open();
  Terminal(Ends ends, const Sandbox& sandbox, const Words& words, Elsewhere elsewhere);

  /// False: the program closed it.
  bool read_more();

  File person_;
  Process process_;
  std::string shown_;
};

}  // namespace purgatory::cli_run

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace purgatory::cli {

/// How long a file may be that is read as a whole.
struct LongestFile {
  std::size_t bytes;
  std::string_view text;  ///< What it is longer than: "any plan, 64 MiB".
};
/// A payload of 3 MiB can be 18 MiB of \u0000.
inline constexpr LongestFile kLongestPayload{.bytes = 32 << 20, .text = "any payload"};

/// Reads a file line by line, in constant memory.
class Lines {
 public:
  /// "-" is stdin. Throws Failure{no_input, permission, io}.
  explicit Lines(const std::string& file);
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  ~Lines();

  /// The next line without its newline, until the next call; absent: at the end, or a signal came.
  /// Of a line that is longer than any job could be only the beginning: `too_long` says so.
  std::optional<std::string_view> next();
  /// All that is left, for a caller that took no line. Throws Failure{bad_data} if it is longer
  /// than that, {interrupted}.
  [[nodiscard]] std::string rest(const LongestFile& longest = kLongestPayload);
  [[nodiscard]] bool too_long() const noexcept { return too_long_; }

  /// Which line was given last, from 1 on.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// How much of the file was read.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  /// How long the file is; absent: it is no regular file.
  [[nodiscard]] std::optional<std::uint64_t> size() const noexcept { return size_; }

 private:
  /// Reads more behind what is there. False: there is no more.
  bool fill();

  std::string name_;
  int file_;
  std::optional<std::uint64_t> size_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< Of what was not given yet.
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
  bool too_long_ = false;
  bool at_end_ = false;
};

/// A whole file; "-" is stdin. Throws as Lines and its `rest` do.
[[nodiscard]] std::string read_file(const std::string& file,
                                    const LongestFile& longest = kLongestPayload);

}  // namespace purgatory::cli

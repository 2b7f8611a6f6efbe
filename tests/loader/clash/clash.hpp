#pragma once

#include <stdexcept>
#include <string>

/// A library of somebody else, of which two versions meet in one process: the same symbols, another
/// layout.
namespace clash {

/// The version that was linked.
int version();

/// Counts the calls, beginning at a number that tells the versions apart.
inline int& counter() {
  static int count = 100 * CLASH_VERSION;
  return count;
}

class Problem : public std::runtime_error {
 public:
  Problem();
  [[nodiscard]] std::string describe() const;

 private:
#if CLASH_VERSION == 1
  char padding_[64] = "first layout";
#endif
  int version_ = CLASH_VERSION;
};

}  // namespace clash

#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "purgatory/failed_job.hpp"

namespace purgatory::model {

/// The repository and the reference differ; says where and how.
class Disagreement : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] void disagree(const std::string& what, const std::string& reference,
                           const std::string& real);

inline void agree(const std::string& what, std::uint64_t reference, std::uint64_t real) {
  if (reference != real) disagree(what, std::to_string(reference), std::to_string(real));
}

/// The contract says that versions grow, not by how much: which version of the reference is which
/// of the repository, in each project.
class Versions {
 public:
  /// Throws Disagreement if that does not keep the order of what is known.
  void same(const std::string& project, Version reference, Version real);

  // A version never seen is one that was never given.
  [[nodiscard]] Version real(const std::string& project, Version reference) const;
  [[nodiscard]] Version reference(const std::string& project, Version real) const;

 private:
  std::map<std::string, std::map<Version, Version>> to_real_;
  std::map<std::string, std::map<Version, Version>> to_reference_;
};

}  // namespace purgatory::model

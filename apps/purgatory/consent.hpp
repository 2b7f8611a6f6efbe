#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace purgatory::cli {

/// The person's word for what cannot be taken back, or takes much: --yes, --confirm=everything, or
/// an answer at the terminal.
class Consent {
 public:
  /// `what_needs_it` begins the help of --confirm.
  void add_to(CLI::App& command, bool can_mean_everything,
              std::string_view what_needs_it = "What --everything needs");

  /// Returns if there is consent to `what` ("purge 12 jobs of project 'x'"). Throws Failure{usage}
  /// if there is nobody to ask, {interrupted} if the answer is no.
  void require(std::string_view what, bool everything) const;

 private:
  bool yes_ = false;
  std::string confirm_;
};

}  // namespace purgatory::cli

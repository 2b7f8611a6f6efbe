#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/limits.hpp"
#include "purgatory/policy.hpp"

/// What can be said against a policy.
namespace purgatory::retention {

/// What rules and archives are called.
[[nodiscard]] bool is_name(std::string_view text);
inline constexpr std::string_view kNoName =
    "is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'";

struct Remark {
  std::string path;  ///< Within the policy: "rules[2].match.attempts[0]".
  std::string what;
  /// The text that `what` is said about, for the front of the message; none: it says all. A file
  /// may have it from a variable, and then shows what is written there instead.
  std::optional<std::string> about{};
};

/// The message, `about` in quotes at its front.
[[nodiscard]] std::string text_of(const Remark& remark);

/// What makes it none for a store with these limits. Empty: it can be applied.
[[nodiscard]] std::vector<Remark> mistakes_of(const Policy& policy, const Limits& limits = {});

/// What it surely does not mean: rules and caps that nothing reaches, a keep_for that min_age
/// overrules, no rule for the rest. The policy has no mistakes.
[[nodiscard]] std::vector<Remark> warnings_of(const Policy& policy);

/// Throws Error{config} naming all mistakes, each behind `where`, a dot and its path; without any
/// it returns.
void refuse(const std::vector<Remark>& mistakes, std::string_view where);

/// Refuses the policy for its mistakes.
void check(const Policy& policy, std::string_view where, const Limits& limits = {});

}  // namespace purgatory::retention

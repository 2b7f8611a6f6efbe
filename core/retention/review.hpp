#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "purgatory/policy.hpp"

/// What can be said against a policy.
namespace purgatory::retention {

struct Remark {
  std::string path;  ///< Within the policy: "rules[2].match.attempts[0]"; empty: its rules as such.
  std::string what;
};

/// What makes it none. Empty: it can be applied.
[[nodiscard]] std::vector<Remark> mistakes_of(const Policy& policy);

/// What it surely does not mean: rules and caps that nothing reaches, a keep_for that min_age
/// overrules, no rule for the rest. The policy has no mistakes.
[[nodiscard]] std::vector<Remark> warnings_of(const Policy& policy);

/// Throws Error{config} naming all mistakes, each behind `where`, a dot and its path.
void check(const Policy& policy, std::string_view where);

}  // namespace purgatory::retention

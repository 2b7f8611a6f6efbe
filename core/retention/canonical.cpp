#include "core/retention/canonical.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/options/table.hpp"
#include "core/retention/matcher.hpp"
#include "core/retention/review.hpp"
#include "core/retention/tables.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace purgatory {
namespace retention {
namespace {

std::string quoted(const std::string& text) {
  return options::print({.type = OptionType::text}, Options::Value(text));
}

std::string quoted(const std::vector<std::string>& texts) {
  return options::print({.type = OptionType::list}, Options::Value(texts));
}

std::string yaml_of(const Match& match) {
  std::vector<std::string> members;
  for (const MatchField& field : kMatchFields) {
    const Patterns& patterns = match.*field.patterns;
    if (!patterns.empty()) members.push_back(fmt::format("{}: {}", field.key, quoted(patterns)));
  }
  if (!match.attempts.empty()) {
    members.push_back(fmt::format("attempts: {}", quoted(match.attempts)));
  }
  std::vector<std::string> labels;
  for (const auto& [key, patterns] : match.labels) {
    labels.push_back(fmt::format("{}: {}", options::in_quotes(key), quoted(patterns)));
  }
  if (!labels.empty()) members.push_back(fmt::format("labels: {{{}}}", fmt::join(labels, ", ")));
  return fmt::format("{{{}}}", fmt::join(members, ", "));
}

void append(std::string& yaml, const Rule& rule) {
  yaml += fmt::format("    - name: {}\n      match: {}\n", quoted(rule.name), yaml_of(rule.match));
  if (!rule.hold.empty()) {
    yaml += fmt::format("      hold: {}\n", quoted(rule.hold));
  } else {
    yaml += fmt::format("      keep_for: {}\n",
                        rule.keep_for ? options::print(kKeepFor, *rule.keep_for) : "forever");
  }
  if (!rule.archive.empty()) yaml += fmt::format("      archive: {}\n", quoted(rule.archive));
}

void append(std::string& yaml, const Cap& cap) {
  yaml +=
      fmt::format("    - match: {}\n", yaml_of(Match{.project = cap.project, .group = cap.group}));
  const auto append_bound = [&](std::string_view key, const std::optional<std::uint64_t>& bound) {
    if (!bound) return;
    const Option& option = *options::find(kCapTable, key);
    yaml += fmt::format("      {}: {}\n", key,
                        options::print(option, static_cast<std::int64_t>(*bound)));
  };
  append_bound("keep_last", cap.keep_last);
  append_bound("max_bytes", cap.max_bytes);
}

}  // namespace

std::string canonical_yaml(const Policy& policy) {
  std::string yaml = fmt::format("  min_age: {}\n", options::print(kMinAge, policy.min_age));
  if (!policy.rules.empty()) yaml += "  rules:\n";
  for (const Rule& rule : policy.rules) append(yaml, rule);
  if (!policy.caps.empty()) yaml += "  caps:\n";
  for (const Cap& cap : policy.caps) append(yaml, cap);
  if (policy.resolved_keep_for) {
    yaml += fmt::format(
        "  resolved:\n{}",
        options::print(kResolvedTable, Options().set("keep_for", *policy.resolved_keep_for), 2));
  }
  return yaml;
}

}  // namespace retention

std::string Policy::hash() const {
  retention::check(*this, "policy");
  const std::string text = retention::canonical_yaml(*this);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace purgatory

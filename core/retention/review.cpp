#include "core/retention/review.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "core/options/table.hpp"
#include "core/retention/matcher.hpp"
#include "core/retention/tables.hpp"
#include "purgatory/error.hpp"

namespace purgatory::retention {
namespace {

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kMostPatternBytes = 1000;
constexpr std::size_t kMostNameBytes = 64;
constexpr std::size_t kMostHoldBytes = 255;
constexpr std::size_t kMostLabelBytes = 255;  // escaped, still a key that YAML reads: 1024

/// Goes through a policy and notes what is wrong with it.
class Review {
 public:
  explicit Review(const Limits& limits) : limits_(limits) {}

  std::vector<Remark> of(const Policy& policy) {
    check_size("rules", policy.rules.size());
    check_size("caps", policy.caps.size());
    check_option("min_age", kMinAge, policy.min_age);
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
      check_rule(fmt::format("rules[{}]", i), policy.rules[i], i);
    }
    for (std::size_t i = 0; i < policy.caps.size(); ++i) {
      check_cap(fmt::format("caps[{}]", i), policy.caps[i]);
    }
    if (policy.resolved_keep_for) {
      check_option("resolved.keep_for", *options::find(kResolvedTable, "keep_for"),
                   *policy.resolved_keep_for);
    }
    return std::move(remarks_);
  }

 private:
  void add(std::string path, std::string what, std::optional<std::string> about = {}) {
    remarks_.push_back({std::move(path), std::move(what), std::move(about)});
  }

  void check_size(std::string_view path, std::size_t size) {
    if (size <= kMostEntries) return;
    add(std::string(path), fmt::format("{} are over the limit of {}", size, kMostEntries));
  }

  void check_option(std::string path, const Option& option, const Options::Value& value) {
    if (const auto mistake = options::check(option, value)) add(std::move(path), mistake->what);
  }

  void check_rule(const std::string& path, const Rule& rule, std::size_t number) {
    if (!is_name(rule.name)) {
      add(path + ".name", std::string(kNoName), rule.name);
    } else if (const auto [place, is_new] = names_.emplace(rule.name, number); !is_new) {
      add(path + ".name", fmt::format("is the name of rules[{}], too", place->second), rule.name);
    }
    check_match(path + ".match", rule.match);
    if (rule.hold.size() > kMostHoldBytes) {
      add(path + ".hold",
          fmt::format("{} bytes are over the limit of {}", rule.hold.size(), kMostHoldBytes));
    } else if (rule.hold.size() > limits_.max_text_bytes) {
      add(path + ".hold", fmt::format("{} bytes are over limits.text, {} bytes", rule.hold.size(),
                                      limits_.max_text_bytes));
    }
    if (!rule.archive.empty() && !is_name(rule.archive)) {
      add(path + ".archive", std::string(kNoName), rule.archive);
    }
    if (!rule.keep_for) return;
    check_option(path + ".keep_for", kKeepFor, *rule.keep_for);
    if (!rule.hold.empty()) {
      add(path + ".keep_for", "a rule that holds keeps for ever: leave keep_for or hold out");
    }
  }

  void check_match(const std::string& path, const Match& match) {
    for (const MatchField& field : kMatchFields) {
      check_patterns(fmt::format("{}.{}", path, field.key), match.*field.patterns);
    }
    for (std::size_t i = 0; i < match.attempts.size(); ++i) {
      if (!ranges_of(match.attempts[i]).empty()) continue;
      add(fmt::format("{}.attempts[{}]", path, i),
          fmt::format(R"(is no comparison with a number up to {}: write 3, "!=3", "<3", "<=3", )"
                      R"(">3" or ">=3")",
                      Range{}.most),
          match.attempts[i]);
    }
    for (const auto& [key, patterns] : match.labels) {
      const std::string label =
          fmt::format("{}.labels.{}", path, options::looks_like_a_key(key) ? key : "?");
      if (key.empty()) add(label, "a label has a name");
      if (key.size() > kMostLabelBytes) {
        add(label,
            fmt::format("a name of {} bytes is over the limit of {}", key.size(), kMostLabelBytes));
      }
      if (patterns.empty()) add(label, "needs a pattern; \"*\" is any value");
      check_patterns(label, patterns);
    }
  }

  void check_patterns(const std::string& path, const Patterns& patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (patterns[i].size() <= kMostPatternBytes) continue;
      add(fmt::format("{}[{}]", path, i), fmt::format("a pattern of {} bytes is over the limit of "
                                                      "{}",
                                                      patterns[i].size(), kMostPatternBytes));
    }
  }

  void check_cap(const std::string& path, const Cap& cap) {
    check_patterns(path + ".match.project", cap.project);
    check_patterns(path + ".match.group", cap.group);
    const auto check_bound = [&](std::string_view key, const std::optional<std::uint64_t>& bound) {
      if (!bound) return;
      const auto value = static_cast<std::int64_t>(std::min<std::uint64_t>(*bound, INT64_MAX));
      check_option(fmt::format("{}.{}", path, key), *options::find(kCapTable, key), value);
    };
    check_bound("keep_last", cap.keep_last);
    check_bound("max_bytes", cap.max_bytes);
    if (!cap.keep_last && !cap.max_bytes) add(path, "bounds nothing: give keep_last or max_bytes");
  }

  Limits limits_;
  std::map<std::string, std::size_t, std::less<>> names_;
  std::vector<Remark> remarks_;
};

/// The first of those before `number` that leaves nothing to it; none: they are fewer than that.
std::size_t find_cover(const std::vector<Matcher>& matchers, std::size_t number) {
  const auto* const end = matchers.data() + number;
  return static_cast<std::size_t>(
      std::find_if(matchers.data(), end,
                   [&](const Matcher& earlier) { return earlier.covers(matchers[number]); }) -
      matchers.data());
}

}  // namespace

bool is_name(std::string_view text) {
  return text.size() <= kMostNameBytes && options::looks_like_a_key(text);
}

std::string text_of(const Remark& remark) {
  if (!remark.about) return remark.what;
  return fmt::format("{} {}", options::quote(*remark.about), remark.what);
}

std::vector<Remark> mistakes_of(const Policy& policy, const Limits& limits) {
  return Review(limits).of(policy);
}

std::vector<Remark> warnings_of(const Policy& policy) {
  std::vector<Remark> remarks;
  std::vector<Matcher> rules;
  for (const Rule& rule : policy.rules) rules.emplace_back(rule.match);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Rule& rule = policy.rules[i];
    if (const std::size_t cover = find_cover(rules, i); cover < i) {
      remarks.push_back({fmt::format("rules[{}]", i),
                         fmt::format("no job reaches the rule '{}': what it matches, '{}' (rules[{}"
                                     "]) matches before it",
                                     rule.name, policy.rules[cover].name, cover)});
    }
    if (rule.keep_for && *rule.keep_for < policy.min_age) {
      const auto text = [](std::chrono::milliseconds duration) {
        return options::print(kMinAge, duration);
      };
      remarks.push_back({fmt::format("rules[{}].keep_for", i),
                         fmt::format("{} is less than min_age, {}: jobs stay for that long",
                                     text(*rule.keep_for), text(policy.min_age))});
    }
  }
  std::vector<Matcher> caps;
  for (const Cap& cap : policy.caps) {
    caps.emplace_back(Match{.project = cap.project, .group = cap.group});
  }
  for (std::size_t i = 0; i < caps.size(); ++i) {
    const std::size_t cover = find_cover(caps, i);
    if (cover == i) continue;
    remarks.push_back({fmt::format("caps[{}]", i),
                       fmt::format("no partition reaches it: what it matches, caps[{}] matches "
                                   "before it",
                                   cover)});
  }
  if (!rules.empty() && std::ranges::none_of(rules, &Matcher::matches_all)) {
    remarks.push_back({"rules",
                       "no rule matches every job: what none matches is kept for ever; a last rule "
                       "without match says what shall become of it"});
  }
  return remarks;
}

void refuse(const std::vector<Remark>& mistakes, std::string_view where) {
  if (mistakes.empty()) return;
  std::vector<std::string> lines;
  lines.reserve(mistakes.size());
  for (const Remark& mistake : mistakes) {
    lines.push_back(fmt::format("{}.{}: {}", where, mistake.path, text_of(mistake)));
  }
  throw Error(ErrorCode::config, fmt::format("{}", fmt::join(lines, "\n")));
}

void check(const Policy& policy, std::string_view where, const Limits& limits) {
  refuse(mistakes_of(policy, limits), where);
}

}  // namespace purgatory::retention

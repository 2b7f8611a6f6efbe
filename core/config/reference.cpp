#include "core/config/reference.hpp"

#include <fmt/format.h>

#include "core/config/schema.hpp"
#include "core/options/value.hpp"

namespace purgatory::config {
namespace {

std::string default_of(const Option& option) {
  if (option.required) return "required";
  if (const auto value = options::default_of(option)) {
    return fmt::format("`{}`", option.default_value == nullptr ? options::print(option, *value)
                                                               : option.default_value);
  }
  return "none";
}

std::string range_of(const Option& option) {
  if (option.least == 0 && option.most == 0) return {};
  const bool duration = option.type == OptionType::duration;
  const auto text = [&](std::int64_t number) {
    return options::print(option, duration ? Options::Value(std::chrono::milliseconds(number))
                                           : Options::Value(number));
  };
  if (option.least == option.most) return fmt::format(", only {}", text(option.least));
  return fmt::format(", {} to {}", text(option.least), text(option.most));
}

void append(std::string& text, std::string_view title, std::span<const Option> table) {
  text += fmt::format("\n## {}\n\n", title);
  if (table.empty()) {
    text += "No options.\n";
    return;
  }
  text += "| key | takes | default | meaning |\n|---|---|---|---|\n";
  for (const Option& option : table) {
    text += fmt::format("| `{}` | {}{} | {} | {} |\n", option.key, options::describe(option),
                        range_of(option), default_of(option), option.help);
  }
}

constexpr std::string_view kIntroduction = R"(# Configuration

`Config::load` reads a YAML file with the keys below; [purgatory.yaml](../examples/data/purgatory.yaml) is one:

    version: 1
    repository:
      backend: memory
      memory: { max_bytes: 64MiB }

The same options are set in code by `config.repository.options.set("max_bytes", 64 << 20)`.

A file is read strictly: what is wrong in it is reported all at once, each as `file:line:column: key: what`.

- Refused, because they make a file mean something else than it says: unknown keys, keys that are there twice, anchors, aliases, merge keys, tags, a second document.
- A file has at most 1 MiB, 10,000 keys and values, and 16 levels.
- `${NAME}` in a value is an environment variable, `${NAME:-default}` one that may be unset or empty, and `$$` a dollar. Between `{` and `}` such a value needs quotes: `{ url: "${URL}" }`.
- A secret may be in a file of its own: `password_file: /run/secrets/store` gives the option `password`, without the line end of the file.
- A message shows neither secrets nor what variables hold, but for directories of plugins. (A warning shows the names and durations of rules.)

## What the options take

| type | written as |
|---|---|
| text | any text that is not empty |
| path | a file or directory; a relative one begins at the directory of the configuration file, or at the working directory if there is no file |
| boolean | `true` or `false`, nothing else |
| integer | `10`, without leading zeros and quotes |
| bytes | `256MiB`: a whole number and, without a space, its unit: B; KiB, MiB, GiB, TiB (powers of 1024); kB, MB, GB, TB (powers of 1000) |
| duration | `30s`: a whole number and, without a space, its unit: ms, s, m, h, d, w |
| percentage | `10%`: a whole number and, without a space, `%` |
| one of | one of the words that are listed |
| list | `[a, b]`, or a line `- a` for each |

Both ends of a range are in it.
)";

constexpr std::string_view kPolicyIntroduction = R"(
`rules` and `caps` are lists; `resolved`, `archives`, `guard` and `journal` are sections:

    retention:
      undo_window: 24h
      rules:
        - name: payments-stay
          match: { job_type: "payment.*" }
          hold: finance keeps these
        - name: transient
          match: { error_code: [ "EVS.5*", TIMEOUT ], attempts: "<=3" }
          keep_for: 1d
        - name: everything-else
          keep_for: 30d
          archive: cold
      caps:
        - { match: { project: shop }, keep_last: 1000 }
        - { keep_last: 10000, max_bytes: 256MiB }
      resolved: { keep_for: 1h }
      archives:
        cold: { directory: ./archive, compress: zstd }
      guard: { max_fraction: 50%, min_jobs: 1000, max_jobs: 1000000, clock_jump: 1d }
      journal: { keep_for: 365d }

- The first rule that matches a job decides how long it stays. What no rule matches is kept for ever.
- The first cap that matches a group bounds it: a record that would go over it evicts the oldest jobs of the group. Jobs that are held are neither counted nor taken.
- There are at most 1000 rules and 1000 caps.
)";

constexpr std::string_view kRuleIntroduction = R"(
A rule has a `name`, a `match` unless it is for every job, and either `keep_for` or `hold`. An `archive` is one of those in `retention.archives`.
)";

constexpr std::string_view kMatching = R"(
`match` says which jobs a rule is for; without it, all. Its keys are `project`, `group` (`""` is the project level), `job_type`, `resource_type`, `resource_name`, `failure_status`, `error_code`, `fail_reason`, `attempts`, and `labels`, below which are the keys of labels: `labels: { host: "db*" }`. A job has to match each key that is there.

- A key takes a pattern or a list of patterns, each of at most 1000 bytes. `*` is any run of bytes, `?` any one byte; nothing else is special. In YAML, text that begins with `*`, `!` or `>` needs quotes.
- Of a list, any pattern may match. One that begins with `!` refuses what the rest of it matches: `["EVS.*", "!EVS.0204"]` is all of EVS but one.
- A label that a job does not have matches only if all patterns for it begin with `!`.
- `attempts` takes a comparison, `3`, `"!=3"`, `"<3"`, `"<=3"`, `">3"` or `">=3"`, or a list of which any may be true.

`purgatory config check` warns of a rule or a cap that nothing reaches, of a `keep_for` below `min_age`, of rules of which none matches every job, and of an archive that no rule names. Such a file is read all the same.
)";

constexpr std::string_view kCapIntroduction = R"(
A cap has `keep_last`, `max_bytes` or both, and a `match` unless it is for every group; its keys are `project` and `group`.
)";

constexpr std::string_view kArchivesIntroduction = R"(
NAME is what rules call it: 1 to 64 of A-Z, a-z, 0-9, `.`, `_` and `-`. There are at most 100 archives.
)";

constexpr std::string_view kGuardIntroduction = R"(
The guard stands before what a change of the policy would do at once, and before a clock that jumps. What goes because its time has come is not counted.
)";

}  // namespace

std::string reference(std::span<const plugin::Descriptor* const> backends) {
  std::string text(kIntroduction);
  append(text, "The top", kRootTable);
  append(text, fmt::format("`{}`", kRepositoryKey), kRepositoryTable);
  for (const plugin::Descriptor* backend : backends) {
    append(text, fmt::format("`{}.{}`", kRepositoryKey, backend->name),
           {backend->options, backend->option_count});
  }
  append(text, fmt::format("`{}`", kRetentionKey), kRetentionTable);
  text += kPolicyIntroduction;
  append(text, fmt::format("`{}`, each", kRulesKey), retention::kRuleTable);
  text += kRuleIntroduction;
  text += kMatching;
  append(text, fmt::format("`{}`, each", kCapsKey), retention::kCapTable);
  text += kCapIntroduction;
  append(text, fmt::format("`{}`", kResolvedKey), retention::kResolvedTable);
  append(text, fmt::format("`{}.NAME`", kArchivesKey), kArchiveTable);
  text += kArchivesIntroduction;
  append(text, fmt::format("`{}`", kGuardKey), kGuardTable);
  text += kGuardIntroduction;
  append(text, fmt::format("`{}`", kJournalKey), kJournalTable);
  append(text, fmt::format("`{}`", kPurgerKey), kPurgerTable);
  append(text, fmt::format("`{}`", kLimitsKey), kLimitsTable);
  append(text, fmt::format("`{}`", kTaskCenterKey), kTaskCenterTable);
  append(text, fmt::format("`{}`", kServerKey), kServerTable);
  append(text, fmt::format("`{}`", kServerTlsKey), kServerTlsTable);
  append(text, fmt::format("`{}`", kServerAuthKey), kServerAuthTable);
  append(text, fmt::format("`{}`", kServerTokensKey), kServerTokensTable);
  append(text, fmt::format("`{}`", kServerGatewayKey), kServerGatewayTable);
  append(text, fmt::format("`{}`", kPluginsKey), kPluginsTable);
  return text;
}

}  // namespace purgatory::config

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
  if (option.least == option.most) return fmt::format(", {}", text(option.least));
  return fmt::format(", {} to {}", text(option.least), text(option.most));
}

void append(std::string& text, std::string_view title, std::span<const Option> table) {
  text += fmt::format("\n## {}\n\n", title);
  if (table.empty()) {
    text += "No options.\n";
    return;
  }
  text += "| key | takes | default | |\n|---|---|---|---|\n";
  for (const Option& option : table) {
    text += fmt::format("| `{}` | {}{} | {} | {} |\n", option.key, options::describe(option),
                        range_of(option), default_of(option), option.help);
  }
}

constexpr std::string_view kIntroduction = R"(# Configuration

A YAML file with the keys below, read by `Config::load`; [examples/purgatory.yaml](../examples/purgatory.yaml) is one. It is read strictly: each mistake is reported as `file:line:col: key: what`, all of them at once.

- Not allowed, because they make a file mean something else than it says: unknown and duplicate keys, anchors, aliases, merge keys, tags, several documents, more than 16 levels, 10,000 values or 1 MiB.
- A number with a unit has no space in between: `256MiB`, `30s`. Booleans are `true` and `false`. `"5"` is text, not a number.
- `${NAME}` and `${NAME:-default}` in a value are environment variables, `$$` is a dollar.
- A relative path begins at the directory of the file (of the process, for a text that is parsed).
- A secret can be given by the file it is in: `password_file: /run/secrets/redis` for `password`. Secrets and the values of variables are in no message.
- The same options are set in code by `config.repository.options.set("max_bytes", 64 << 20)`.
)";

}  // namespace

std::string reference(std::span<const plugin::Descriptor* const> backends) {
  std::string text(kIntroduction);
  append(text, "Top level", kRootTable);
  append(text, fmt::format("`{}`", kRepositoryKey), kRepositoryTable);
  for (const plugin::Descriptor* backend : backends) {
    append(text, fmt::format("`{}.{}`", kRepositoryKey, backend->name),
           {backend->options, backend->option_count});
  }
  append(text, fmt::format("`{}`", kPluginsKey), kPluginsTable);
  return text;
}

}  // namespace purgatory::config

// Whatever a configuration file holds: it is read, or each mistake is reported at a place in it,
// and what was read is the same when it is written and read again.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/config/policy.hpp"
#include "core/config/section.hpp"
#include "core/retention/canonical.hpp"
#include "core/retention/tables.hpp"
#include "purgatory/error.hpp"
#include "tests/fuzz/demand.hpp"

namespace purgatory::fuzz {
namespace {

constexpr std::array kTable{
    Option{.key = "text", .type = OptionType::text, .required = true, .help = ""},
    Option{.key = "path", .type = OptionType::path, .default_value = "./p", .help = ""},
    Option{.key = "boolean", .type = OptionType::boolean, .default_value = "false", .help = ""},
    Option{.key = "integer", .type = OptionType::integer, .least = -5, .most = 64, .help = ""},
    Option{.key = "bytes", .type = OptionType::bytes, .default_value = "16MiB", .help = ""},
    Option{.key = "duration", .type = OptionType::duration, .default_value = "5s", .help = ""},
    Option{.key = "percent", .type = OptionType::percent, .most = 100, .help = ""},
    Option{.key = "choice", .type = OptionType::choice, .choices = "full|normal", .help = ""},
    Option{.key = "list", .type = OptionType::list, .help = ""},
    Option{.key = "paths", .type = OptionType::paths, .help = ""},
    retention::kMinAge,
};

struct Content {
  Options options;
  Policy policy;

  friend bool operator==(const Content&, const Content&) = default;
};

/// What a text holds; none: it has mistakes, which were reported.
std::optional<Content> read(std::string_view text) {
  static const std::array<std::string, 2> children{"rules", "caps"};
  config::Mistakes mistakes("fuzz.yaml");
  config::Mistakes warnings("fuzz.yaml");
  Content content;
  if (const auto root = config::read_document(text, mistakes)) {
    config::SectionReader sections(mistakes, "/");
    content.options = sections.read(*root, {}, kTable, children);
    const std::chrono::milliseconds min_age = content.options.has("min_age")
                                                  ? content.options.duration("min_age")
                                                  : std::chrono::milliseconds(0);
    content.policy = config::read_policy(*root, min_age, {}, sections, mistakes, warnings);
  }
  for (const std::string& warning : warnings.lines()) {
    demand(mistakes.empty() && warning.starts_with("fuzz.yaml:"), "a warning has a place");
  }
  if (mistakes.empty()) return content;
  try {
    mistakes.report();
  } catch (const Error& error) {
    demand(error.code() == ErrorCode::config, "mistakes are Error{config}");
    demand(std::string_view(error.what()).starts_with("fuzz.yaml:"), "a mistake has a place");
  }
  return std::nullopt;
}

std::string print(const Content& content) {
  const Options& options = content.options;
  std::string text;
  for (const Option& option : kTable) {
    if (!options.has(option.key) || option.key == std::string_view("min_age")) continue;
    text += "  " + std::string(option.key) + ": " +
            options::print(option, options.values().find(std::string_view(option.key))->second) +
            "\n";
  }
  return text + retention::canonical_yaml(content.policy);
}

}  // namespace
}  // namespace purgatory::fuzz

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace purgatory;
  const auto content = fuzz::read({reinterpret_cast<const char*>(data), size});
  if (!content) return 0;
  fuzz::demand(options::complete(content->options, fuzz::kTable, "fuzz") == content->options,
               "what was read is complete and right");
  const auto again = fuzz::read(fuzz::print(*content));
  fuzz::demand(again.has_value() && *again == *content, "it is equal when read again");
  return 0;
}

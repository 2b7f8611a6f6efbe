// Whatever a configuration file holds: it is read, or each mistake is reported at a place in it,
// and what was read is the same when it is written and read again.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/config/retention.hpp"
#include "core/config/schema.hpp"
#include "core/config/section.hpp"
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
};

struct Content {
  Options options;
  Config::Retention retention;
};

/// What a text holds; none: it has mistakes, which were reported.
std::optional<Content> read(std::string_view text) {
  static const std::array<std::string, 1> children{std::string(config::kRetentionKey)};
  config::Mistakes mistakes("fuzz.yaml");
  config::Mistakes warnings("fuzz.yaml");
  Content content;
  if (const auto root = config::read_document(text, mistakes)) {
    config::SectionReader sections(mistakes, "/");
    content.options = sections.read(*root, {}, kTable, children);
    if (const config::Node* retention = root->find(config::kRetentionKey)) {
      content.retention = config::read_retention(*retention, {}, sections, mistakes, warnings);
    }
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
  return options::print(kTable, content.options, 0) + config::to_yaml(content.retention);
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
  config::check(content->retention, {});
  const auto again = fuzz::read(fuzz::print(*content));
  fuzz::demand(again.has_value() && again->options == content->options &&
                   again->retention.policy == content->retention.policy &&
                   again->retention.archives == content->retention.archives &&
                   fuzz::print(*again) == fuzz::print(*content),
               "it is equal when read again");
  return 0;
}

// Whatever a configuration file holds: it is read, or each mistake is reported at a place in it,
// and what was read is the same when it is written and read again.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
    Option{.key = "choice", .type = OptionType::choice, .choices = "full|normal", .help = ""},
    Option{.key = "list", .type = OptionType::list, .help = ""},
    Option{.key = "paths", .type = OptionType::paths, .help = ""},
};

/// The options that a text holds; none: it has mistakes, which were reported.
std::optional<Options> read(std::string_view text) {
  config::Mistakes mistakes("fuzz.yaml");
  Options options;
  if (const auto root = config::read_document(text, mistakes)) {
    options = config::SectionReader(mistakes, "/").read(*root, {}, kTable);
  }
  if (mistakes.empty()) return options;
  try {
    mistakes.report();
  } catch (const Error& error) {
    demand(error.code() == ErrorCode::config, "mistakes are Error{config}");
    demand(std::string_view(error.what()).starts_with("fuzz.yaml:"), "a mistake has a place");
  }
  return std::nullopt;
}

std::string print(const Options& options) {
  std::string text;
  for (const Option& option : kTable) {
    if (!options.has(option.key)) continue;
    text += std::string(option.key) + ": " +
            options::print(option, options.values().find(std::string_view(option.key))->second) +
            "\n";
  }
  return text;
}

}  // namespace
}  // namespace purgatory::fuzz

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace purgatory;
  const auto options = fuzz::read({reinterpret_cast<const char*>(data), size});
  if (!options) return 0;
  fuzz::demand(options::complete(*options, fuzz::kTable, "fuzz") == *options,
               "what was read is complete and right");
  const auto again = fuzz::read(fuzz::print(*options));
  fuzz::demand(again.has_value() && *again == *options, "options are equal when read again");
  return 0;
}

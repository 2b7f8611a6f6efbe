// Whatever a plugin's descriptor says: it is refused with Error{plugin}, or its table of options
// can be read, completed and documented.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/reference.hpp"
#include "core/options/table.hpp"
#include "core/plugin/descriptor.hpp"
#include "purgatory/error.hpp"
#include "tests/fuzz/demand.hpp"

namespace purgatory::fuzz {
namespace {

/// Makes a descriptor of bytes: numbers, and texts that end at a NUL.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return static_cast<std::uint8_t>(first);
  }
  std::int64_t number() {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8U | byte();
    return static_cast<std::int64_t>(number);
  }
  /// Null for an empty one.
  const char* text() {
    const std::string_view text = rest_.substr(0, rest_.find('\0'));
    rest_.remove_prefix(std::min(text.size() + 1, rest_.size()));
    return text.empty() ? nullptr : texts_.emplace_back(text).c_str();
  }
  Option option() {
    Option option;
    const std::uint8_t flags = byte();
    option.key = text();
    option.type = static_cast<OptionType>(byte());
    option.default_value = text();
    option.required = (flags & 1U) != 0;
    option.secret = (flags & 2U) != 0;
    if ((flags & 4U) != 0) {
      option.least = number();
      option.most = number();
    }
    option.choices = text();
    option.help = text();
    return option;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  std::deque<std::string> texts_;
};

std::unique_ptr<FailedJobRepository> open_nothing(const Options&, const Host&) { return nullptr; }

void run(std::string_view bytes) {
  Input input(bytes);
  const std::uint8_t flags = input.byte();
  plugin::Descriptor descriptor{.size = sizeof(plugin::Descriptor),
                                .abi = plugin::kAbi,
                                .build_tag = PURGATORY_BUILD_TAG,
                                .compiler = __VERSION__,
                                .name = "fuzz",
                                .version = "1",
                                .options = nullptr,
                                .option_count = 0,
                                .open = open_nothing};
  if ((flags & 1U) != 0) descriptor.abi = input.byte();
  if ((flags & 2U) != 0) descriptor.size = input.byte();
  if ((flags & 4U) != 0) descriptor.build_tag = input.text();
  if ((flags & 8U) != 0) descriptor.name = input.text();
  if ((flags & 16U) != 0) descriptor.version = input.text();
  if ((flags & 32U) != 0) descriptor.compiler = input.text();
  if ((flags & 64U) != 0) descriptor.open = nullptr;
  std::vector<Option> table;
  while (!input.at_end()) table.push_back(input.option());
  descriptor.options = table.data();
  descriptor.option_count = table.size();
  try {
    plugin::check_descriptor(descriptor, "fuzz", "/fuzz.so");
  } catch (const Error& error) {
    demand(error.code() == ErrorCode::plugin, "a descriptor is refused with Error{plugin}");
    return;
  }
  Options options;
  (void)options::add_defaults(options, table);
  const plugin::Descriptor* const all[] = {&descriptor};
  demand(!config::reference(all).empty(), "a descriptor that was accepted can be documented");
}

}  // namespace
}  // namespace purgatory::fuzz

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  purgatory::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}

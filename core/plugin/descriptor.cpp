#include "core/plugin/descriptor.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "core/options/value.hpp"
#include "core/plugin/refuse.hpp"

namespace purgatory::plugin {
namespace {

constexpr std::size_t kMaxKeyBytes = 32;
constexpr std::size_t kMaxOptions = 256;
constexpr std::string_view kKeyBytes = "abcdefghijklmnopqrstuvwxyz0123456789_";

std::string_view text_or(const char* text, std::string_view otherwise) {
  return text == nullptr ? otherwise : text;
}

bool is_key(std::string_view key) {
  return is_name(key) && key.front() >= 'a' && key.front() <= 'z' && key.size() <= kMaxKeyBytes;
}

/// What makes an option impossible to read or to document; empty: nothing.
std::string_view defect_of(const Option& option) {
  if (option.type > OptionType::percent) return "has a type that this library does not know";
  if (option.help == nullptr) return "has no help";
  if (option.secret && option.type != OptionType::text) return "is a secret, but no text";
  if (option.secret && option.default_value != nullptr) return "is a secret with a default";
  if (option.required && option.default_value != nullptr) return "is required, but has a default";
  if (option.least > option.most) return "has no value that is in range";
  const bool is_choice = option.type == OptionType::choice;
  if (is_choice && text_or(option.choices, "").empty()) return "is a choice of nothing";
  if (options::is_list(option.type) && (option.default_value != nullptr || option.required)) {
    return "is a list, which is empty by default and never required";
  }
  return {};
}

void check_options(std::span<const Option> table, std::string_view where) {
  if (table.size() > kMaxOptions) {
    refuse("plugin {} has {} options; {} are the most", where, table.size(), kMaxOptions);
  }
  if (!table.empty() && table.data() == nullptr) {
    refuse("plugin {} says that it has {} options, but has no table of them", where, table.size());
  }
  for (const Option& option : table) {
    if (!is_key(text_or(option.key, ""))) {
      refuse("plugin {}: '{}' is no key of an option: [a-z][a-z0-9_]*, at most {} bytes", where,
             text_or(option.key, ""), kMaxKeyBytes);
    }
    if (const std::string_view defect = defect_of(option); !defect.empty()) {
      refuse("plugin {}: its option '{}' {}", where, option.key, defect);
    }
    const auto same_key = [&](const Option& other) {
      return std::string_view(option.key) == text_or(other.key, "");
    };
    if (std::ranges::count_if(table, same_key) > 1) {
      refuse("plugin {} has its option '{}' twice", where, option.key);
    }
    try {
      (void)options::default_of(option);
    } catch (const Error& error) {
      refuse("plugin {}: {}", where, error.what());
    }
  }
}

}  // namespace

bool is_name(std::string_view name) noexcept {
  constexpr std::size_t kMaxNameBytes = 32;
  return !name.empty() && name.size() <= kMaxNameBytes &&
         name.find_first_not_of(kKeyBytes) == std::string_view::npos;
}

void check_descriptor(const Descriptor& descriptor, std::string_view name, std::string_view where) {
  if (descriptor.abi != kAbi) {
    refuse(
        "plugin {} was built for plugin interface {}, this library has {}; build it with this "
        "library's headers",
        where, descriptor.abi, kAbi);
  }
  if (descriptor.size != sizeof(Descriptor)) {
    refuse(
        "plugin {} has a descriptor of {} bytes, this library's has {}; build it with this "
        "library's headers",
        where, descriptor.size, sizeof(Descriptor));
  }
  const std::string_view tag = text_or(descriptor.build_tag, "nothing");
  if (tag != PURGATORY_BUILD_TAG) {
    refuse(
        "plugin {} was built for {} (by {}), this library for {} (by {}); build both for the "
        "same",
        where, tag, text_or(descriptor.compiler, "an unknown compiler"), PURGATORY_BUILD_TAG,
        __VERSION__);
  }
  if (text_or(descriptor.name, "") != name) {
    refuse(
        "plugin {} calls itself '{}', but was asked for as '{}'; name the file purgatory_<name>.so",
        where, text_or(descriptor.name, ""), name);
  }
  if (text_or(descriptor.version, "").empty()) refuse("plugin {} has no version", where);
  if (descriptor.open == nullptr) refuse("plugin {} has no function to open a store", where);
  check_options({descriptor.options, descriptor.option_count}, where);
}

}  // namespace purgatory::plugin

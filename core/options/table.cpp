#include "core/options/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "purgatory/error.hpp"

namespace purgatory::options {
namespace {

constexpr std::string_view kFileSuffix = "_file";

/// How many letters have to be put in, left out or changed to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (const char letter : a) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (letter == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

bool looks_like_a_key(std::string_view key) {
  constexpr std::size_t kLongest = 64;
  return !key.empty() && key.size() <= kLongest &&
         key.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
             std::string_view::npos;
}

const Option* find(Table table, std::string_view key) {
  const auto found = std::ranges::find(table, key, &Option::key);
  return found == table.end() ? nullptr : &*found;
}

const Option* find_secret_of_file(Table table, std::string_view key) {
  if (!key.ends_with(kFileSuffix)) return nullptr;
  const Option* option = find(table, key.substr(0, key.size() - kFileSuffix.size()));
  return option != nullptr && option->secret ? option : nullptr;
}

std::vector<std::string> keys_of(Table table) {
  std::vector<std::string> keys;
  for (const Option& option : table) {
    keys.emplace_back(option.key);
    if (option.secret) keys.push_back(keys.back() + std::string(kFileSuffix));
  }
  return keys;
}

const std::string* find_similar(std::string_view name, std::span<const std::string> known) {
  const auto nearest = std::ranges::min_element(
      known, {}, [&](const std::string& candidate) { return distance(name, candidate); });
  if (nearest == known.end()) return nullptr;
  const std::size_t similar = std::max<std::size_t>(2, nearest->size() / 3);
  const std::size_t changes = distance(name, *nearest);
  return changes <= similar && changes < nearest->size() ? &*nearest : nullptr;
}

std::string unknown_key(std::string_view key, std::span<const std::string> known) {
  if (!looks_like_a_key(key)) return "is not a key; perhaps a space is missing behind a colon";
  if (const std::string* similar = find_similar(key, known)) {
    return fmt::format("unknown key; did you mean '{}'?", *similar);
  }
  if (known.empty()) return "unknown key; there are none here";
  return fmt::format("unknown key; known are: {}", fmt::join(known, ", "));
}

std::vector<std::string_view> add_defaults(Options& options, Table table,
                                           const std::filesystem::path& directory) {
  std::vector<std::string_view> missing;
  for (const Option& option : table) {
    if (options.has(option.key)) continue;
    if (option.required) {
      missing.emplace_back(option.key);
    } else if (auto value = default_of(option, directory)) {
      options.set_value(option.key, *std::move(value));
    }
  }
  return missing;
}

std::string print(Table table, const Options& values, std::size_t depth) {
  std::string text;
  for (const Option& option : table) {
    const auto value = values.values().find(std::string_view(option.key));
    if (value == values.values().end()) continue;
    text += fmt::format("{:{}}{}: {}\n", "", 2 * depth, option.key, print(option, value->second));
  }
  return text;
}

Options complete(const Options& given, Table table, std::string_view where) {
  std::vector<std::string> mistakes;
  const auto add = [&](std::string_view key, std::string_view what) {
    mistakes.push_back(fmt::format("{}.{}: {}", where, key, what));
  };
  std::vector<std::string> known;  // in code, a secret has no file
  for (const Option& option : table) known.emplace_back(option.key);
  for (const auto& [key, value] : given.values()) {
    const Option* option = find(table, key);
    if (option == nullptr) {
      add(key, unknown_key(key, known));
    } else if (const auto mistake = check(*option, value)) {
      add(key, mistake->what);
    }
  }
  Options options = given;
  for (const std::string_view key : add_defaults(options, table, working_directory())) {
    add(key, "is required and was not set");
  }
  if (mistakes.empty()) return options;
  throw Error(ErrorCode::config, fmt::format("{}", fmt::join(mistakes, "\n")));
}

}  // namespace purgatory::options

#include "apps/tokens/entry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "core/config/mistakes.hpp"
#include "core/options/value.hpp"
#include "core/task_center/id.hpp"

namespace purgatory::tokens {
namespace {

using config::Mistakes;
using config::Place;
using std::string_view;
using Mistake = std::optional<std::string>;

constexpr string_view kSpace = " \t\r";

/// How a message shows a value, which may be a token that was meant to stay elsewhere.
std::string shown(string_view value) {
  return value.starts_with(kPrefix) ? "the value" : options::quote(value);
}

Mistake set_hash(Entry& entry, string_view value) {
  const bool right = value.size() == 2 * entry.hash.size() &&
                     value.find_first_not_of("0123456789abcdefABCDEF") == string_view::npos;
  if (!right) return "is no SHA-256: it takes 64 hexadecimal digits";
  for (std::size_t i = 0; i < entry.hash.size(); ++i) {
    const char* const digits = value.data() + 2 * i;
    std::from_chars(digits, digits + 2, entry.hash.at(i), 16);
  }
  return std::nullopt;
}

Mistake set_project(Entry& entry, string_view value) {
  if (value == "*") {
    entry.identity.every_project = true;
  } else if (task_center::is_id(value)) {
    entry.identity.projects.emplace_back(value);
  } else {
    return fmt::format(
        "{} is no project: it takes 1 to {} of A-Z, a-z, 0-9, '.', '_' and '-', or "
        "'*' for every project",
        shown(value), task_center::kMaxIdBytes);
  }
  return std::nullopt;
}

Mistake set_role(Entry& entry, string_view value) {
  if (value != "operator" && value != "reader") {
    return fmt::format("{} is not operator or reader", shown(value));
  }
  entry.identity.may_delete = value == "operator";
  return std::nullopt;
}

Mistake set_expires(Entry& entry, string_view value) {
  entry.expires = parse_time(value);
  if (entry.expires) return std::nullopt;
  return fmt::format("{} is no time such as 2027-01-01T00:00:00Z", shown(value));
}

Mistake set_name(Entry& entry, string_view value) {
  constexpr std::size_t kMost = 255;
  const bool visible = std::ranges::all_of(value, [](char c) { return c > ' ' && c < '\x7f'; });
  if (value.empty() || value.size() > kMost || !visible) {
    return fmt::format("{} is no name: it takes 1 to {} visible ASCII characters, without spaces",
                       shown(value), kMost);
  }
  entry.identity.name = value;
  return std::nullopt;
}

struct Field {
  string_view name;
  Mistake (*set)(Entry&, string_view);
};
constexpr std::array kFields{Field{"sha256", set_hash}, Field{"project", set_project},
                             Field{"role", set_role}, Field{"expires", set_expires},
                             Field{"name", set_name}};

/// Reads one line, word by word.
class LineReader {
 public:
  LineReader(Mistakes& mistakes, int number) : mistakes_(mistakes), number_(number) {}

  /// None: there is nothing on it.
  std::optional<Entry> read(string_view line) {
    std::size_t begin = line.find_first_not_of(kSpace);
    if (begin == string_view::npos || line[begin] == '#') return std::nullopt;
    while (begin != string_view::npos && line[begin] != '#') {
      const std::size_t end = std::min(line.find_first_of(kSpace, begin), line.size());
      read_word(line.substr(begin, end - begin),
                {.line = number_, .column = static_cast<int>(begin) + 1});
      begin = line.find_first_not_of(kSpace, end);
    }
    for (const string_view field : {"sha256", "project", "role"}) {
      if (!seen_.contains(field)) mistakes_.add({.line = number_}, field, "is missing");
    }
    if (!seen_.contains("name")) entry_.identity.name = default_name(entry_.hash);
    return std::move(entry_);
  }

 private:
  void read_word(string_view word, Place place) {
    const std::size_t equals = word.find('=');
    const auto* const field = std::ranges::find(kFields, word.substr(0, equals), &Field::name);
    if (equals == string_view::npos || field == kFields.end()) {
      // Not shown: it may be a token.
      mistakes_.add(place, {},
                    "is no field: there are sha256=, project=, role=, expires= and name=");
    } else if (!seen_.insert(field->name).second && field->name != "project") {
      mistakes_.add(place, field->name, "is given twice");
    } else if (const Mistake mistake = field->set(entry_, word.substr(equals + 1))) {
      mistakes_.add(place, field->name, *mistake);
    }
  }

  Mistakes& mistakes_;
  int number_;
  std::set<string_view> seen_;
  Entry entry_;
};

}  // namespace

std::optional<std::string> set(Entry& entry, string_view field, string_view value) {
  return std::ranges::find(kFields, field, &Field::name)->set(entry, value);
}

std::string default_name(const Hash& hash) {
  return fmt::format("token:{:02x}", fmt::join(hash.begin(), hash.begin() + 4, ""));
}

std::string print(const Entry& entry) {
  const auto& [name, projects, every_project, may_delete] = entry.identity;
  std::string line = fmt::format("sha256={:02x}", fmt::join(entry.hash, ""));
  for (const std::string& project : projects) line += " project=" + project;
  if (every_project) line += " project=*";
  line += may_delete ? " role=operator" : " role=reader";
  if (entry.expires) line += " expires=" + format_time(*entry.expires);
  return line + " name=" + name + "\n";
}

std::vector<Entry> parse(string_view text, string_view file) {
  Mistakes mistakes(file);
  std::vector<Entry> entries;
  std::map<Hash, int> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto entry = LineReader(mistakes, number).read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!entry) continue;
    const auto [first, is_new] = lines.emplace(entry->hash, number);
    if (!is_new && mistakes.empty()) {
      mistakes.add({.line = number}, "sha256", fmt::format("is that of line {}", first->second));
    }
    entries.push_back(*std::move(entry));
  }
  if (!mistakes.empty()) mistakes.report();
  return entries;
}

}  // namespace purgatory::tokens

#include "core/config/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/config/file.hpp"
#include "core/config/variables.hpp"
#include "purgatory/error.hpp"

namespace purgatory::config {
namespace {

constexpr std::size_t kMaxSecretBytes = 65'536;

std::string_view name_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::empty: return "nothing";
    case Node::Kind::scalar: return "one value";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: break;
  }
  return "a map";
}

/// What is wrong with a node's kind; the value itself may be a secret.
std::string takes(std::string_view expected, Node::Kind found) {
  if (found == Node::Kind::empty) return fmt::format("is empty: it takes {}", expected);
  return fmt::format("takes {}, not {}", expected, name_of(found));
}

}  // namespace

Options SectionReader::read(const Node& section, const std::string& path, options::Table table,
                            std::span<const std::string> children) {
  Options values;
  if (section.kind != Node::Kind::map) {
    mistakes_.add(section.place, path, takes("keys, each with a value", section.kind));
    return values;
  }
  std::vector<std::string> known = options::keys_of(table);
  known.insert(known.end(), children.begin(), children.end());
  for (const Node& entry : section.items) {
    const std::string entry_path = path_of(path, entry.key);
    if (const Option* option = options::find(table, entry.key)) {
      read_option(*option, entry, entry_path, values);
    } else if (const Option* secret = options::find_secret_of_file(table, entry.key)) {
      read_secret_file(*secret, entry, entry_path, values);
    } else if (std::ranges::find(children, entry.key) == children.end()) {
      mistakes_.add(entry.key_place, entry_path, options::unknown_key(entry.key, known));
    }
  }
  for (const std::string_view key : options::add_defaults(values, table, directory_)) {
    const Option& option = *options::find(table, key);
    const bool tried = section.find(key) != nullptr ||
                       (option.secret && section.find(fmt::format("{}_file", key)) != nullptr);
    if (!tried) mistakes_.add(section.key_place, path_of(path, key), "is required and is missing");
  }
  return values;
}

void SectionReader::read_option(const Option& option, const Node& node, const std::string& path,
                                Options& values) {
  if (options::is_list(option.type)) {
    if (node.kind != Node::Kind::list) {
      mistakes_.add(node.place, path, takes("a list such as [a, b]", node.kind));
      return;
    }
    read_list(option, node, path, values);
    return;
  }
  if (node.kind != Node::Kind::scalar) {
    mistakes_.add(node.place, path, takes("one value", node.kind));
    return;
  }
  const auto text = text_of(node, path);
  if (!text) return;
  options::Reading reading = options::read(
      option, {.text = *text, .quoted = node.quoted, .written = node.text}, directory_);
  if (const auto* mistake = std::get_if<options::Mistake>(&reading)) {
    mistakes_.add(node.place, path, mistake->what);
  } else if (option.secret && values.has(option.key)) {
    mistakes_.add(node.key_place, path,
                  fmt::format("is given twice: here and by {}_file", option.key));
  } else {
    values.set_value(option.key, std::get<Options::Value>(std::move(reading)));
  }
}

void SectionReader::read_secret_file(const Option& option, const Node& node,
                                     const std::string& path, Options& values) {
  constexpr std::string_view kExpected = "the path of a file";
  if (node.kind != Node::Kind::scalar) {
    mistakes_.add(node.place, path, takes(kExpected, node.kind));
    return;
  }
  const auto file = text_of(node, path);
  if (!file) return;
  if (file->empty()) {
    mistakes_.add(node.place, path, takes(kExpected, Node::Kind::empty));
    return;
  }
  if (values.has(option.key)) {
    mistakes_.add(node.key_place, path, fmt::format("is given twice: here and by {}", option.key));
    return;
  }
  try {
    std::string secret = read_file(directory_ / *file, kMaxSecretBytes);
    if (secret.ends_with('\n')) {
      secret.pop_back();
      if (secret.ends_with('\r')) secret.pop_back();
    }
    if (secret.empty()) {
      mistakes_.add(node.place, path,
                    fmt::format("the file {} is empty", options::quote(node.text)));
    }
    values.set(option.key, secret);
  } catch (const Unreadable& unreadable) {
    mistakes_.add(node.place, path,
                  fmt::format("the file {} {}", options::quote(node.text), unreadable.what()));
  }
}

void SectionReader::read_list(const Option& option, const Node& list, const std::string& path,
                              Options& values) {
  Options::List items;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const Node& item = list.items[i];
    const std::string item_path = fmt::format("{}[{}]", path, i);
    if (item.kind != Node::Kind::scalar) {
      mistakes_.add(item.place, item_path, takes("one value", item.kind));
      continue;
    }
    const auto text = text_of(item, item_path);
    if (!text) continue;
    auto reading = options::read_item(
        option, {.text = *text, .quoted = item.quoted, .written = item.text}, directory_);
    if (auto* value = std::get_if<std::string>(&reading)) {
      items.push_back(std::move(*value));
    } else {
      mistakes_.add(item.place, item_path, std::get<options::Mistake>(reading).what);
    }
  }
  values.set(option.key, std::move(items));
}

std::vector<std::string> SectionReader::read_texts(const Node& node, const std::string& path) {
  constexpr std::string_view kExpected = "a text, or a list such as [a, b]";
  std::vector<std::string> texts;
  const auto read = [&](const Node& scalar, const std::string& scalar_path) {
    std::string& read_text = texts.emplace_back();
    if (scalar.kind != Node::Kind::scalar) {
      mistakes_.add(scalar.place, scalar_path,
                    takes(&scalar == &node ? kExpected : "one value", scalar.kind));
    } else if (auto text = text_of(scalar, scalar_path)) {
      read_text = *std::move(text);
      if (read_text.empty() && !scalar.text.empty()) {
        mistakes_.add(scalar.place, scalar_path, "is empty: give the variable a value");
      }
    }
  };
  if (node.kind != Node::Kind::list) {
    read(node, path);
  } else if (node.items.empty()) {
    mistakes_.add(node.place, path, takes(kExpected, Node::Kind::empty));
  } else {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      read(node.items[i], fmt::format("{}[{}]", path, i));
    }
  }
  return texts;
}

std::optional<std::string> SectionReader::text_of(const Node& node, const std::string& path) {
  auto filled = fill_in_variables(node.text);
  if (auto* text = std::get_if<std::string>(&filled)) return std::move(*text);
  mistakes_.add(node.place, path, std::get<options::Mistake>(filled).what);
  return std::nullopt;
}

}  // namespace purgatory::config

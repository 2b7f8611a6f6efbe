#include "core/config/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/config/archives.hpp"
#include "core/config/schema.hpp"
#include "core/retention/matcher.hpp"
#include "core/retention/review.hpp"

namespace purgatory::config {
namespace {

constexpr std::string_view kForever = "forever";

/// Reads rules, caps and `resolved`, and adds what is remarked about them.
class PolicyReader {
 public:
  PolicyReader(const Node& retention, SectionReader& sections, Mistakes& mistakes)
      : retention_(retention), sections_(sections), mistakes_(mistakes) {}

  void read(Policy& policy) {
    read_entries("rules", [&](const Node& entry, const std::string& path) {
      policy.rules.push_back(read_rule(entry, path));
    });
    read_entries("caps", [&](const Node& entry, const std::string& path) {
      policy.caps.push_back(read_cap(entry, path));
    });
    if (const Node* resolved = retention_.find("resolved")) {
      const Options values =
          sections_.read(*resolved, std::string(kResolvedKey), retention::kResolvedTable);
      if (values.has("keep_for")) policy.resolved_keep_for = values.duration("keep_for");
    }
  }

  /// Adds what is wrong with the policy. About what could not be read there is no more to be said.
  void add_mistakes(std::vector<retention::Remark> remarks) {
    std::erase_if(remarks, [&](const retention::Remark& remark) {
      return mistakes_.concern(path_in_file(remark));
    });
    add(std::move(remarks), mistakes_);
  }

  void add(std::vector<retention::Remark> remarks, Mistakes& to) const {
    for (retention::Remark& remark : remarks) {
      const Node& node = find_nearest(retention_, remark.path);
      if (remark.about) remark.about = node.text;
      const bool all_of_a_list = node.kind == Node::Kind::list && !node.key.empty();
      to.add(all_of_a_list ? node.key_place : node.place, path_in_file(remark), text_of(remark));
    }
  }

 private:
  static std::string path_in_file(const retention::Remark& remark) {
    return fmt::format("{}.{}", kRetentionKey, remark.path);
  }

  template <typename ReadEntry>
  void read_entries(const std::string& key, ReadEntry read_entry) {
    const Node* list = retention_.find(key);
    if (list == nullptr) return;
    const std::string path = fmt::format("{}.{}", kRetentionKey, key);
    if (list->kind != Node::Kind::list) {
      mistakes_.add(list->place, path, "takes a list: a line '- ...' for each");
      return;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      Node entry = list->items[i];
      entry.key_place = entry.place;
      read_entry(entry, fmt::format("{}[{}]", path, i));
    }
  }

  Rule read_rule(const Node& entry, const std::string& path) {
    static const std::array<std::string, 1> children{"match"};
    Rule rule;
    const Options values = sections_.read(entry, path, retention::kRuleTable, children);
    if (entry.kind != Node::Kind::map) return rule;
    if (values.has("name")) rule.name = values.text("name");
    if (values.has("hold")) rule.hold = values.text("hold");
    if (values.has("archive")) rule.archive = values.text("archive");
    if (values.has("keep_for")) {
      rule.keep_for = read_keep_for(*entry.find("keep_for"), path, values.text("keep_for"));
    }
    if (entry.find("keep_for") == nullptr && entry.find("hold") == nullptr) {
      mistakes_.add(entry.place, path + ".keep_for",
                    "is missing: give a duration or forever, or a hold instead");
    }
    if (const Node* match = entry.find("match")) {
      rule.match = read_match(*match, path + ".match", match_keys());
    }
    return rule;
  }

  std::optional<std::chrono::milliseconds> read_keep_for(const Node& node, const std::string& path,
                                                         const std::string& text) {
    if (text == kForever) return std::nullopt;
    const auto reading = options::read(
        retention::kKeepFor, {.text = text, .quoted = node.quoted, .written = node.text}, {});
    if (const auto* mistake = std::get_if<options::Mistake>(&reading)) {
      mistakes_.add(node.place, path + ".keep_for",
                    fmt::format("{}; or write forever", mistake->what));
      return std::nullopt;
    }
    return std::get<std::chrono::milliseconds>(std::get<Options::Value>(reading));
  }

  static std::vector<std::string> match_keys() {
    std::vector<std::string> keys;
    keys.reserve(retention::kMatchFields.size() + 2);
    for (const retention::MatchField& field : retention::kMatchFields) {
      keys.emplace_back(field.key);
    }
    keys.insert(keys.end(), {"attempts", "labels"});
    return keys;
  }

  Match read_match(const Node& node, const std::string& path,
                   const std::vector<std::string>& keys) {
    Match match;
    (void)sections_.read(node, path, {}, keys);
    if (node.kind != Node::Kind::map) return match;
    const auto read = [&](std::string_view key, std::vector<std::string>& texts) {
      if (std::ranges::find(keys, key) == keys.end()) return;
      if (const Node* value = node.find(key)) {
        texts = sections_.read_texts(*value, path_of(path, key));
      }
    };
    for (const retention::MatchField& field : retention::kMatchFields) {
      read(field.key, match.*field.patterns);
    }
    read("attempts", match.attempts);
    const Node* labels = node.find("labels");
    if (labels != nullptr && keys.back() == "labels") read_labels(*labels, path, match);
    return match;
  }

  void read_labels(const Node& labels, const std::string& path, Match& match) {
    const std::string labels_path = path + ".labels";
    if (labels.kind != Node::Kind::map) {
      mistakes_.add(labels.place, labels_path, "takes labels, each with a text or a list of texts");
      return;
    }
    for (const Node& label : labels.items) {
      match.labels[label.key] = sections_.read_texts(label, path_of(labels_path, label.key));
    }
  }

  Cap read_cap(const Node& entry, const std::string& path) {
    static const std::array<std::string, 1> children{"match"};
    Cap cap;
    const Options values = sections_.read(entry, path, retention::kCapTable, children);
    if (entry.kind != Node::Kind::map) return cap;
    if (values.has("keep_last")) cap.keep_last = values.bytes("keep_last");
    if (values.has("max_bytes")) cap.max_bytes = values.bytes("max_bytes");
    if (const Node* match = entry.find("match")) {
      Match read = read_match(*match, path + ".match", {"project", "group"});
      cap.project = std::move(read.project);
      cap.group = std::move(read.group);
    }
    return cap;
  }

  const Node& retention_;
  SectionReader& sections_;
  Mistakes& mistakes_;
};

}  // namespace

void read_policy(const Node& section, const Limits& limits, Config::Retention& retention,
                 SectionReader& sections, Mistakes& mistakes, Mistakes& warnings) {
  Policy& policy = retention.policy;
  PolicyReader reader(section, sections, mistakes);
  reader.read(policy);
  reader.add_mistakes(retention::mistakes_of(policy, limits));
  const Node* archives = section.find("archives");
  const bool were_read = archives == nullptr || archives->kind == Node::Kind::map;
  if (were_read) reader.add_mistakes(unknown_archives(policy, retention.archives));
  if (mistakes.empty()) reader.add(retention::warnings_of(policy), warnings);
}

}  // namespace purgatory::config

#include "core/config/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <boost/nowide/utf/utf.hpp>
#include <charconv>
#include <sstream>
#include <utility>

#include "core/options/table.hpp"

namespace purgatory::config {
namespace {

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

constexpr std::string_view kAlias =
    "an alias (*name) is not allowed: write the value out, or text that begins with * in quotes";

/// The first byte that is no UTF-8, or NUL: the parser would read something else than stands there.
std::optional<Place> find_foreign_byte(std::string_view text) {
  namespace utf = boost::nowide::utf;
  Place place;
  for (const auto* next = text.begin(); next != text.end();) {
    const utf::code_point point = utf::utf_traits<char>::decode(next, text.end());
    if (point == utf::illegal || point == utf::incomplete || point == 0) return place;
    ++place.column;
    if (point == '\n') place = {.line = place.line + 1, .column = 1};
  }
  return std::nullopt;
}

/// Thrown by Builder once a mistake was added behind which nothing can be read.
struct Stop {};

/// Builds the tree from the parser's events, as deep and as large as it may be.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Mistakes& mistakes) : mistakes_(mistakes) {}

  [[nodiscard]] Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    begin({.kind = Node::Kind::empty, .place = place_of(mark)}, {}, anchor);
    end();
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(place_of(mark), kAlias);
    begin({.kind = Node::Kind::scalar, .place = place_of(mark)}, {}, {});
    end();
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (find_foreign_byte(value)) {  // the parser reads two escapes as a byte each
      refuse(place_of(mark),
             "an escape gives what is no UTF-8 text: leave \\0 out, and write \\u0085 for \\N and "
             "\\u00A0 for \\_");
    }
    const bool quoted = tag == "!";
    const bool empty = !quoted && (value == "~" || value == "null");
    begin({.kind = empty ? Node::Kind::empty : Node::Kind::scalar,
           .place = place_of(mark),
           .text = value,
           .quoted = quoted},
          tag, anchor);
    end();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin({.kind = Node::Kind::list, .place = place_of(mark)}, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin({.kind = Node::Kind::map, .place = place_of(mark)}, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  /// A node that is being read; of a map also the key whose value comes next.
  struct Open {
    Node node;
    std::optional<std::pair<std::string, Place>> key{};
  };

  void begin(Node node, const std::string& tag, YAML::anchor_t anchor) {
    if (++nodes_ > kMaxNodes) {
      stop(node.place, fmt::format("is too large: more than {} values", kMaxNodes));
    }
    if (open_.size() >= kMaxDepth) {
      stop(node.place, fmt::format("is nested too deeply: more than {} levels", kMaxDepth));
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(
          node.place,
          "a tag (!name) is not allowed: leave it out, or write text that begins with ! in quotes");
    }
    if (anchor != YAML::NullAnchor) {
      refuse(node.place,
             "an anchor (&name) is not allowed: leave it out, or write text that begins with & in "
             "quotes");
    }
    const bool is_key = !open_.empty() && open_.back().node.kind == Node::Kind::map &&
                        !open_.back().key.has_value();
    if (is_key && (node.kind != Node::Kind::scalar || node.text.empty())) {
      refuse(node.place, "a key must be a name");
      node.text.clear();  // add_entry leaves it out
    }
    open_.push_back({std::move(node)});
  }

  void end() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::list) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = {std::move(node.text), node.place};
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(Open& map, Node value) {
    auto [key, place] = *std::exchange(map.key, std::nullopt);
    if (key.empty()) return;                                   // it was refused
    if (value.kind == Node::Kind::empty) value.place = place;  // the parser's is on the next line
    if (key == "<<") {
      refuse(place, "a merge key (<<) is not allowed: write the keys out");
    } else if (const Node* first = map.node.find(key)) {
      mistakes_.add(place, path_of(path(), key),
                    fmt::format("duplicate key; the first is on line {}", first->key_place.line));
    } else {
      value.key = std::move(key);
      value.key_place = place;
      map.node.items.push_back(std::move(value));
    }
  }

  /// Of what is read now.
  [[nodiscard]] std::string path() const {
    std::string path;
    for (const Open& open : open_) {
      if (open.node.kind == Node::Kind::list) path += fmt::format("[{}]", open.node.items.size());
      if (open.key) path = path_of(path, open.key->first);
    }
    return path;
  }

  void refuse(Place place, std::string_view what) { mistakes_.add(place, path(), what); }
  [[noreturn]] void stop(Place place, std::string_view what) {
    refuse(place, what);
    throw Stop{};
  }

  Mistakes& mistakes_;
  std::vector<Open> open_;
  Node root_;
  std::size_t nodes_ = 0;
};

bool is_indented_by_tab(std::string_view text, int line) {
  for (; line > 0; --line) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  const std::string_view indentation = text.substr(0, text.find_first_not_of(" \t"));
  return indentation.find('\t') != std::string_view::npos;
}

/// What the parser stumbled over, and what people usually did there.
std::string not_yaml(const YAML::Exception& error, std::string_view text) {
  using Hint = std::pair<std::string_view, std::string_view>;
  static const std::array<Hint, 11> hints{{
      {YAML::ErrorMsg::MAP_VALUE,
       "a ':' is not expected here; perhaps a space is missing behind the one before, or text with "
       "a ':' in it needs quotes"},
      {YAML::ErrorMsg::END_OF_MAP,
       "a key is expected here; perhaps the line is indented unlike its neighbours, or text behind "
       "a value needs quotes"},
      {YAML::ErrorMsg::END_OF_MAP_FLOW, "a '}' or a ',' is missing"},
      {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a ']' or a ',' is missing"},
      {YAML::ErrorMsg::FLOW_END, "a bracket is closed that is not open"},
      {YAML::ErrorMsg::CHAR_IN_BLOCK,
       "a '>' or '|' begins a text of several lines below it; text that begins with one needs "
       "quotes"},
      {YAML::ErrorMsg::ALIAS_NOT_FOUND, kAlias},
      {YAML::ErrorMsg::CHAR_IN_ALIAS, kAlias},
      {YAML::ErrorMsg::UNKNOWN_ANCHOR, kAlias},
      {YAML::ErrorMsg::UNKNOWN_TOKEN, "text that begins with this character needs quotes"},
      {YAML::ErrorMsg::DOC_IN_SCALAR, "a quote is opened above and not closed"},
  }};
  if (is_indented_by_tab(text, error.mark.line)) {
    return "this is not YAML: a tab cannot indent a line; write spaces";
  }
  const auto* const hint = std::ranges::find_if(
      hints, [&](const Hint& candidate) { return error.msg.starts_with(candidate.first); });
  if (hint != hints.end()) return fmt::format("this is not YAML: {}", hint->second);
  // What stands behind a colon is quoted from the text: it may be of a secret.
  return fmt::format("this is not YAML: {}", error.msg.substr(0, error.msg.find(':')));
}

}  // namespace

const Node* Node::find(std::string_view key_text) const {
  const auto found = std::ranges::find(items, key_text, &Node::key);
  return found == items.end() ? nullptr : &*found;
}

const Node& find_nearest(const Node& root, std::string_view path) {
  const Node* node = &root;
  while (!path.empty()) {
    const Node* next = nullptr;
    std::size_t size = 0;  // of the part of the path that names it
    if (path.starts_with('[')) {
      std::size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (index < node->items.size()) next = &node->items[index];
      size = path.find(']') + 1;
    } else {
      for (const Node& item : node->items) {  // a label's key may have a dot in it
        if (item.key.size() < size || !is_within(path, item.key)) continue;
        next = &item;
        size = item.key.size();
      }
    }
    if (next == nullptr) break;
    node = next;
    path.remove_prefix(size);
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return *node;
}

std::string path_of(std::string_view parent, std::string_view key) {
  return fmt::format("{}{}{}", parent, parent.empty() ? "" : ".",
                     options::looks_like_a_key(key) ? key : "?");
}

std::optional<Node> read_document(std::string_view text, Mistakes& mistakes) {
  if (text.size() > kMaxFileBytes) {
    mistakes.add({}, {},
                 fmt::format("is too large: {} bytes, and a configuration has at most {}",
                             text.size(), kMaxFileBytes));
    return std::nullopt;
  }
  if (const auto place = find_foreign_byte(text)) {
    mistakes.add(*place, {}, "this is not UTF-8 text");
    return std::nullopt;
  }
  // The parser takes a quote that is not closed for closed by the end of the text: it needs an end
  // of the document to notice.
  std::istringstream stream(fmt::format("{}{}...\n", text, text.ends_with('\n') ? "" : "\n"));
  const Mistakes before = mistakes;
  Builder builder(mistakes);
  try {
    YAML::Parser parser(stream);
    Node root;
    if (parser.HandleNextDocument(builder)) root = builder.take();
    if (root.kind == Node::Kind::empty) {
      mistakes.add({}, {}, "is empty: it needs at least 'version: 1' and 'repository'");
      return std::nullopt;
    }
    if (parser.HandleNextDocument(builder)) {
      mistakes.add(builder.take().place, {}, "a second document begins here: one is allowed");
    }
    return root;
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    mistakes = before;  // what was read up to there may have been misread
    mistakes.add(place_of(error.mark), {}, not_yaml(error, text));
    return std::nullopt;
  }
}

}  // namespace purgatory::config

#include <fmt/ranges.h>

#include <algorithm>
#include <bitset>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <utility>
#include <vector>

#include "core/json_lines/fields.hpp"
#include "core/json_lines/text.hpp"
#include "core/options/table.hpp"
#include "core/options/value.hpp"
#include "purgatory/error.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::json_lines {
namespace {

namespace json = boost::json;
using options::quote;

/// What a value is for, by the key before it.
struct Field {
  enum class Kind { text, failed_at, attempts, labels };

  Kind kind = Kind::text;
  std::size_t number = 0;  ///< Of the field, for what is required or there twice.
  bool base64 = false;
};

constexpr std::size_t kFailedAtNumber = kTextFields.size();
constexpr std::size_t kAttemptsNumber = kFailedAtNumber + 1;
constexpr std::size_t kLabelsNumber = kAttemptsNumber + 1;
constexpr std::size_t kFieldCount = kLabelsNumber + 1;

std::string_view name_of(std::size_t number) {
  if (number < kTextFields.size()) return kTextFields.at(number).name;
  if (number == kFailedAtNumber) return kFailedAt;
  return number == kAttemptsNumber ? kAttempts : kLabels;
}

std::optional<Field> find_field(std::string_view key) {
  if (key == kFailedAt) return Field{Field::Kind::failed_at, kFailedAtNumber};
  if (key == kAttempts) return Field{Field::Kind::attempts, kAttemptsNumber};
  const bool base64 = key.ends_with(kBase64);
  if (base64) key.remove_suffix(kBase64.size());
  if (key == kLabels) return Field{Field::Kind::labels, kLabelsNumber, base64};
  const auto* field = std::ranges::find(kTextFields, key, &TextField::name);
  if (field == kTextFields.end()) return std::nullopt;
  return Field{Field::Kind::text, static_cast<std::size_t>(field - kTextFields.begin()), base64};
}

std::string unknown_field(std::string_view key) {
  std::vector<std::string> known;
  for (std::size_t number = 0; number < kFieldCount; ++number) known.emplace_back(name_of(number));
  const std::string* similar =
      options::looks_like_a_key(key) ? options::find_similar(key, known) : nullptr;
  if (similar != nullptr) {
    return fmt::format("is no field; did you mean '{}'?", *similar);
  }
  return fmt::format("is no field; there are: {}", fmt::join(known, ", "));
}

/// Takes the events of one line and fills a job. The first mistake ends it. (Its names are
/// Boost's.)
class Handler {
 public:
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;
  // NOLINTEND(readability-identifier-naming)

  static bool on_document_begin(json::error_code& /*error*/) { return true; }
  bool on_document_end(json::error_code& error) {
    for (std::size_t number = 0; number < kFieldCount; ++number) {
      const bool required = number == kFailedAtNumber ||
                            (number < kTextFields.size() && kTextFields.at(number).required);
      if (required && !seen_.test(number)) return fail(error, name_of(number), "is missing");
    }
    return true;
  }

  bool on_object_begin(json::error_code& error) {
    if (depth_ == 0 || in_labels(1, false)) return enter();
    return wrong_type(error, "an object");
  }
  bool on_object_end(std::size_t /*size*/, json::error_code& /*error*/) { return leave(); }
  bool on_array_begin(json::error_code& error) {
    if (in_labels(1, true) || in_labels(2, true)) {
      pair_.clear();
      return enter();
    }
    return wrong_type(error, "an array");
  }
  bool on_array_end(std::size_t /*size*/, json::error_code& error) {
    if (depth_ == 3 && (pair_.size() != 2 || !labels_insert(pair_[0], pair_[1]))) {
      return fail(error, key_, "takes pairs, [key, value], each key once");
    }
    return leave();
  }

  bool on_key_part(json::string_view part, std::size_t /*size*/, json::error_code& /*error*/) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t /*size*/, json::error_code& error) {
    text_.append(part.data(), part.size());
    key_ = std::exchange(text_, {});
    if (depth_ > 1) return true;
    const auto field = find_field(key_);
    if (!field) return fail(error, quote(key_), unknown_field(key_));
    field_ = *field;
    if (seen_.test(field_.number)) {
      return fail(error, key_,
                  fmt::format("is given twice; {} is one value", name_of(field_.number)));
    }
    seen_.set(field_.number);
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t /*size*/, json::error_code& /*error*/) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t /*size*/, json::error_code& error) {
    text_.append(part.data(), part.size());
    return take_text(std::exchange(text_, {}), error);
  }

  static bool on_number_part(json::string_view /*part*/, json::error_code& /*error*/) {
    return true;
  }
  bool on_int64(std::int64_t value, json::string_view /*part*/, json::error_code& error) {
    if (!takes_number()) return wrong_type(error, "a number");
    if (!std::in_range<std::uint32_t>(value)) return bad_attempts(error);
    job_.attempts = static_cast<std::uint32_t>(value);
    return true;
  }
  bool on_uint64(std::uint64_t /*value*/, json::string_view /*part*/, json::error_code& error) {
    return takes_number() ? bad_attempts(error) : wrong_type(error, "a number");
  }
  bool on_double(double /*value*/, json::string_view /*part*/, json::error_code& error) {
    return takes_number() ? bad_attempts(error) : wrong_type(error, "a number");
  }
  bool on_bool(bool value, json::error_code& error) {
    return wrong_type(error, value ? "true" : "false");
  }
  bool on_null(json::error_code& error) { return wrong_type(error, "null; leave it out"); }
  static bool on_comment_part(json::string_view /*part*/, json::error_code& /*error*/) {
    return true;
  }
  static bool on_comment(json::string_view /*part*/, json::error_code& /*error*/) { return true; }

  [[nodiscard]] const std::string& mistake() const noexcept { return mistake_; }
  FailedJob& job() noexcept { return job_; }

 private:
  bool enter() {
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  [[nodiscard]] bool in_labels(int depth, bool base64) const noexcept {
    return depth_ == depth && field_.kind == Field::Kind::labels && field_.base64 == base64;
  }
  [[nodiscard]] bool takes_number() const noexcept {
    return depth_ == 1 && field_.kind == Field::Kind::attempts;
  }

  bool labels_insert(std::string key, std::string value) {
    return job_.labels.emplace(std::move(key), std::move(value)).second;
  }

  bool take_text(std::string text, json::error_code& error) {
    if (depth_ == 1 && field_.kind == Field::Kind::failed_at) return take_time(text, error);
    const bool field = depth_ == 1 && field_.kind == Field::Kind::text;
    const bool label = in_labels(2, false);
    if (!field && !label && depth_ != 3) return wrong_type(error, "a text");
    if (field_.base64) {
      auto bytes = read_base64(text);
      if (!bytes) return fail(error, key_, fmt::format("{} is no base64", quote(text)));
      text = std::move(*bytes);
    }
    if (field) {
      job_.*kTextFields.at(field_.number).member = std::move(text);
    } else if (!label) {
      pair_.push_back(std::move(text));
    } else if (!labels_insert(key_, std::move(text))) {
      return fail(error, kLabels, fmt::format("{} is given twice", quote(key_)));
    }
    return true;
  }

  bool take_time(const std::string& text, json::error_code& error) {
    const auto time = parse_time(text);
    if (!time) {
      return fail(error, kFailedAt,
                  fmt::format("{} is no time as RFC 3339 has it; write 2026-11-23T13:51:54.108Z",
                              quote(text)));
    }
    job_.failed_at = *time;
    return true;
  }

  bool wrong_type(json::error_code& error, std::string_view found) {
    if (in_labels(2, false)) {
      return fail(error, kLabels, fmt::format("{} takes a text, not {}", quote(key_), found));
    }
    std::string_view expected = depth_ == 0 ? "an object, {...}" : "a text";
    if (field_.kind == Field::Kind::attempts) expected = "a whole number";
    if (field_.kind == Field::Kind::labels) {
      expected = field_.base64 ? "an array of pairs of texts" : "an object of texts";
    }
    return fail(error, key_, fmt::format("takes {}, not {}", expected, found));
  }

  bool bad_attempts(json::error_code& error) {
    return fail(error, kAttempts, "takes a whole number, 0 to 4294967295");
  }

  bool fail(json::error_code& error, std::string_view field, std::string_view what) {
    mistake_ = field.empty() ? std::string(what) : fmt::format("{}: {}", field, what);
    error = json::error::exception;
    return false;
  }

  FailedJob job_;
  std::bitset<kFieldCount> seen_;
  Field field_;
  int depth_ = 0;  ///< 1: in the line's object; 2: in the labels; 3: in a pair of them.
  std::string key_;
  std::string text_;
  std::vector<std::string> pair_;
  std::string mistake_;
};

}  // namespace

FailedJob parse(std::string_view line) {
  json::basic_parser<Handler> parser{json::parse_options{}};
  json::error_code error;
  const std::size_t read = parser.write_some(false, line.data(), line.size(), error);
  Handler& handler = parser.handler();
  if (!handler.mistake().empty()) throw Error(ErrorCode::invalid_argument, handler.mistake());
  if (!error && line.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    error = json::error::extra_data;
  }
  if (error) {
    const std::string_view advice =
        is_utf8(line) ? "" : "; a text that is not UTF-8 is written as <field>_base64";
    throw Error(ErrorCode::invalid_argument,
                fmt::format("is no JSON: {} at byte {}{}", error.message(), read, advice));
  }
  return std::move(handler.job());
}

}  // namespace purgatory::json_lines

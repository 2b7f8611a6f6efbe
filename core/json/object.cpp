#include "core/json/object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/json_lines/fields.hpp"
#include "core/json_lines/text.hpp"
#include "core/options/value.hpp"

namespace purgatory::json {
namespace {

using json_lines::kBase64;

std::string in_base64(std::string_view key) { return std::string(key).append(kBase64); }

}  // namespace

void set_text(boost::json::object& object, std::string_view key, std::string_view text) {
  if (json_lines::is_utf8(text)) {
    object[key] = text;
    return;
  }
  std::string encoded;
  json_lines::append_base64(encoded, text);
  object[in_base64(key)] = encoded;
}

ObjectReader::ObjectReader(const boost::json::value& value, ErrorCode code, std::string where)
    : object_(value.if_object()), code_(code), where_(std::move(where)) {
  if (object_ == nullptr) throw Error(code_, where_ + ": is no JSON object");
}

bool ObjectReader::has(std::string_view key) {
  return object_->contains(key) || object_->contains(in_base64(key));
}

std::string ObjectReader::text(std::string_view key) {
  auto text = optional_text(key);
  if (!text) fail(key, "is missing");
  return *std::move(text);
}

std::optional<std::string> ObjectReader::optional_text(std::string_view key) {
  const auto text_of = [&](const boost::json::value& value) {
    const boost::json::string* text = value.if_string();
    if (text == nullptr) fail(key, "is no text");
    return std::string(*text);
  };
  if (const auto* value = find(key)) return text_of(*value);
  const auto* value = find(in_base64(key));
  if (value == nullptr) return std::nullopt;
  auto text = json_lines::read_base64(text_of(*value));
  if (!text) fail(in_base64(key), "is no base64");
  return text;
}

std::uint64_t ObjectReader::number(std::string_view key) {
  const boost::json::value& value = get(key);
  boost::json::error_code error;
  const auto number = value.to_number<std::uint64_t>(error);
  if (error || value.is_double()) fail(key, "is no number of 0 or more");
  return number;
}

std::optional<bool> ObjectReader::optional_boolean(std::string_view key) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) fail(key, "is neither true nor false");
  return value->get_bool();
}

Time ObjectReader::time(std::string_view key) {
  const auto time = parse_time(text(key));
  if (!time) fail(key, "is no time: write it as 2026-11-28T08:30:00Z");
  return *time;
}

ObjectReader ObjectReader::object(std::string_view key) { return {get(key), code_, path_of(key)}; }

std::vector<ObjectReader> ObjectReader::objects(std::string_view key) {
  const boost::json::array* array = get(key).if_array();
  if (array == nullptr) fail(key, "is no list");
  std::vector<ObjectReader> readers;
  readers.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    readers.emplace_back((*array)[i], code_, fmt::format("{}[{}]", path_of(key), i));
  }
  return readers;
}

void ObjectReader::finish() const {
  for (const auto& member : *object_) {
    const std::string key(member.key());
    if (std::ranges::find(read_, key) == read_.end()) fail(options::quote(key), "is not known");
  }
}

void ObjectReader::fail(std::string_view key, std::string_view what) const {
  throw Error(code_, fmt::format("{}: {}", path_of(key), what));
}

const boost::json::value* ObjectReader::find(std::string_view key) {
  const auto* value = object_->if_contains(key);
  if (value != nullptr) read_.emplace_back(key);
  return value;
}

const boost::json::value& ObjectReader::get(std::string_view key) {
  const auto* value = find(key);
  if (value == nullptr) fail(key, "is missing");
  return *value;
}

std::string ObjectReader::path_of(std::string_view key) const {
  return fmt::format("{}: {}", where_, key);
}

boost::json::value parse(std::string_view text, ErrorCode code, std::string_view where) {
  boost::json::error_code error;
  auto value = boost::json::parse(text, error);
  if (error) throw Error(code, fmt::format("{}: is no JSON: {}", where, error.message()));
  return value;
}

}  // namespace purgatory::json

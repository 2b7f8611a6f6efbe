#include "tests/server/description.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <vector>

namespace purgatory::server_test {
namespace {

namespace json = boost::json;

const json::value& description() {
  static const json::value value = [] {
    std::ifstream file(PURGATORY_OPENAPI);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  }();
  return value;
}

/// What a reference ("#/components/...") leads to, or the object itself.
const json::object& resolved(const json::value& value) {
  const json::value* reference = value.as_object().if_contains("$ref");
  if (reference == nullptr) return value.as_object();
  return description().at_pointer(reference->as_string().subview(1)).as_object();
}

const json::value* member(const json::object& object, std::string_view key) {
  return object.if_contains(json::string_view(key.data(), key.size()));
}

/// What is wrong with a value, by those words of JSON Schema that the description uses.
class Schema {
 public:
  explicit Schema(const json::value& schema) : schema_(resolved(schema)) {}

  [[nodiscard]] std::string wrong(const json::value& value) const {
    if (!has_type(value)) return fmt::format("{} is no {}", text(value), word("type"));
    if (const auto* only = member(schema_, "const"); only != nullptr && *only != value) {
      return fmt::format("{} is not {}", text(value), text(*only));
    }
    if (const auto* object = value.if_object()) return wrong_object(*object);
    if (const auto* array = value.if_array()) return wrong_array(*array);
    if (const auto* string = value.if_string()) return wrong_string(*string);
    return {};
  }

 private:
  static std::string text(const json::value& value) { return json::serialize(value); }

  [[nodiscard]] std::string word(std::string_view key) const {
    const json::value* found = member(schema_, key);
    return found == nullptr ? std::string() : std::string(found->as_string());
  }

  [[nodiscard]] bool has_type(const json::value& value) const {
    const std::string type = word("type");
    return type == "object"    ? value.is_object()
           : type == "array"   ? value.is_array()
           : type == "integer" ? value.is_int64() && value.as_int64() >= 0
                               : type == "string" && value.is_string();
  }

  [[nodiscard]] std::string wrong_object(const json::object& object) const {
    for (const json::value& key : member(schema_, "required")->as_array()) {
      if (!object.contains(key.as_string())) return fmt::format("{} is missing", text(key));
    }
    const json::object& properties = member(schema_, "properties")->as_object();
    for (const auto& [key, value] : object) {
      const json::value* property = properties.if_contains(key);
      const std::string name(key);
      if (property == nullptr) return fmt::format("{} is not described", name);
      const std::string fault = Schema(*property).wrong(value);
      if (!fault.empty()) return fmt::format("{}: {}", name, fault);
    }
    return {};
  }

  [[nodiscard]] std::string wrong_array(const json::array& array) const {
    const Schema items(*member(schema_, "items"));
    for (const json::value& item : array) {
      const std::string fault = items.wrong(item);
      if (!fault.empty()) return fault;
    }
    return {};
  }

  [[nodiscard]] std::string wrong_string(const json::string& string) const {
    const std::string pattern = word("pattern");
    if (pattern.empty() || std::regex_search(std::string(string), std::regex(pattern))) return {};
    return fmt::format("{} does not match {}", text(string), pattern);
  }

  const json::object& schema_;
};

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments(1);
  for (const char byte : path) {
    byte == '/' ? (void)segments.emplace_back() : segments.back().push_back(byte);
  }
  return segments;
}

/// How many segments of the template are the path's own; none: it does not match.
std::optional<int> fit(std::string_view template_path, std::string_view path) {
  const auto expected = segments_of(template_path);
  const auto segments = segments_of(path);
  if (expected.size() != segments.size()) return std::nullopt;
  int same = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] == segments[i]) {
      ++same;
    } else if (!expected[i].starts_with('{') || segments[i].empty()) {
      return std::nullopt;
    }
  }
  return same;
}

/// The operation of a method on a path; null: there is none.
const json::object* operation_of(std::string_view method, std::string_view path) {
  const json::object* best = nullptr;
  int most = -1;
  for (const auto& [key, item] : description().at("paths").as_object()) {
    const int same = fit({key.data(), key.size()}, path).value_or(-1);
    if (same <= most) continue;
    most = same;
    best = &item.as_object();
  }
  const json::value* operation =
      best == nullptr ? nullptr
                      : member(*best, boost::algorithm::to_lower_copy(std::string(method)));
  return operation == nullptr ? nullptr : &operation->as_object();
}

std::string wrong_body(const json::object& response, const Answer& answer) {
  const json::value* content = member(response, "content");
  if (content == nullptr) return answer.body.empty() ? "" : "a body is not described";
  if (answer.field("Content-Type") != "application/json") return "it is not application/json";
  return Schema(content->at("application/json").at("schema")).wrong(json::parse(answer.body));
}

}  // namespace

std::string undescribed(std::string_view request, const Answer& answer) {
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const std::string_view method = line.substr(0, line.find(' '));
  std::string_view path = line.substr(std::min(line.size(), method.size() + 1));
  path = path.substr(0, path.find_first_of(" ?"));
  const json::object* operation = operation_of(method, path);
  if (operation == nullptr) return {};
  const json::value* response =
      member(operation->at("responses").as_object(), std::to_string(answer.status));
  const std::string fault =
      response == nullptr ? "the status is not described" : wrong_body(resolved(*response), answer);
  return fault.empty() ? fault : fmt::format("{} {}: {}: {}", method, path, answer.status, fault);
}

}  // namespace purgatory::server_test

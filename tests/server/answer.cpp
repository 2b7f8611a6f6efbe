#include "tests/server/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <ctime>
#include <stdexcept>

#include "tests/task_center/shown.hpp"

namespace purgatory::server_test {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::string_view kToken =
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

[[noreturn]] void refuse(std::string_view what, std::string_view bytes) {
  throw std::runtime_error(fmt::format("the answer is malformed: {}: {:?}", what, bytes));
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return byte >= ' ' && byte <= '~'; });
}

std::size_t number(std::string_view digits) {
  std::size_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || rest != end) refuse("no number", digits);
  return value;
}

unsigned status_of(std::string_view line) {
  const std::string_view rest = line.substr(std::min(kVersion.size(), line.size()));
  if (!line.starts_with(kVersion) || rest.size() < 5 || rest[3] != ' ' || !printable(rest)) {
    refuse("its first line", line);
  }
  return static_cast<unsigned>(number(rest.substr(0, 3)));
}

std::pair<std::string, std::string> field_of(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) refuse("no name, colon, space, value", line);
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = line.substr(colon + 2);
  if (name.empty() || name.find_first_not_of(kToken) != std::string_view::npos) {
    refuse("the name of a field", line);
  }
  if (value.empty() || !printable(value) || value.front() == ' ' || value.back() == ' ') {
    refuse("the value of a field", line);
  }
  return {std::string(name), std::string(value)};
}

Answer parse_head(std::string_view head) {
  Answer answer;
  for (bool first = true; !head.empty(); first = false) {
    const std::size_t end = head.find(kLineEnd);
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + kLineEnd.size());
    if (first) {
      answer.status = status_of(line);
      continue;
    }
    auto field = field_of(line);
    if (answer.field(field.first)) refuse("a field that is there twice", line);
    answer.fields.push_back(std::move(field));
  }
  return answer;
}

std::size_t body_size(const Answer& answer, bool to_head) {
  const auto length = answer.field("Content-Length");
  if (answer.field("Transfer-Encoding")) refuse("it is encoded", "Transfer-Encoding");
  if (answer.status == 204) {
    if (length) refuse("204 has no Content-Length", *length);
    return 0;
  }
  if (!length) refuse("it has no Content-Length", "");
  return to_head ? 0 : number(*length);
}

/// Like "Fri, 27 Nov 2026 13:51:03 GMT" (RFC 9110, section 5.6.7).
bool is_date(const std::string& text) {
  std::tm time{};
  constexpr std::size_t kSize = 29;
  const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time);
  return text.size() == kSize && end != nullptr && *end == '\0';
}

bool is_request_id(std::string_view text) {
  constexpr std::string_view kBytes =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
  constexpr std::size_t kMost = 64;
  return !text.empty() && text.size() <= kMost &&
         text.find_first_not_of(kBytes) == std::string_view::npos;
}

bool is_error_body(std::string_view body) {
  boost::json::error_code failure;
  const auto value = boost::json::parse({body.data(), body.size()}, failure);
  if (failure || !value.is_object() || value.as_object().size() != 1) return false;
  const auto* error = value.as_object().if_contains("error");
  return error != nullptr && error->is_object() && error->as_object().size() == 2 &&
         error->as_object().contains("code") && error->as_object().contains("message");
}

}  // namespace

std::optional<std::string> Answer::field(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields, [&](const auto& field) { return boost::algorithm::iequals(field.first, name); });
  return found == fields.end() ? std::nullopt : std::optional(found->second);
}

bool Answer::closes() const { return field("Connection") == "close"; }

std::optional<Answer> take_answer(std::string& bytes, bool to_head) {
  if (!bytes.starts_with(kVersion.substr(0, bytes.size()))) refuse("its begin", bytes);
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::size_t head = end + 2 * kLineEnd.size();
  Answer answer = parse_head(std::string_view(bytes).substr(0, end + kLineEnd.size()));
  const std::size_t size = body_size(answer, to_head);
  if (bytes.size() - head < size) return std::nullopt;
  answer.body = bytes.substr(head, size);
  bytes.erase(0, head + size);
  return answer;
}

std::string missing(const Answer& answer, bool to_head) {
  if (!is_date(answer.field("Date").value_or(""))) return "Date";
  if (!is_request_id(answer.field("X-Request-Id").value_or(""))) return "X-Request-Id";
  if (answer.status == 204) return {};
  if (answer.field("Content-Type") != "application/json") return "Content-Type";
  if (answer.status >= 400 && !to_head && !is_error_body(answer.body)) return "error";
  const auto has_with = [&](unsigned status, std::string_view name) {
    return (answer.status == status) == answer.field(name).has_value();
  };
  if (!has_with(401, "WWW-Authenticate")) return "WWW-Authenticate";
  if (!has_with(405, "Allow")) return "Allow";
  if (!has_with(407, "Proxy-Authenticate")) return "Proxy-Authenticate";
  if (!has_with(503, "Retry-After")) return "Retry-After";
  return {};
}

std::string shown(const Answer& answer) {
  return task_center_test::shown(answer.status, answer.status < 400 ? "" : answer.body);
}

}  // namespace purgatory::server_test

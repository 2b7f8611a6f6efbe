#include <fmt/format.h>

#include <array>
#include <boost/json/serializer.hpp>
#include <iterator>

#include "core/json_lines/fields.hpp"
#include "core/json_lines/text.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::json_lines {
namespace {

void append_text(std::string& out, std::string_view text) {
  boost::json::serializer serializer;
  serializer.reset(boost::json::string_view(text.data(), text.size()));
  std::array<char, 1024> part{};
  while (!serializer.done()) {
    const auto written = serializer.read(part.data(), part.size());
    out.append(written.data(), written.size());
  }
}

void append_base64_text(std::string& out, std::string_view bytes) {
  out += '"';
  append_base64(out, bytes);
  out += '"';
}

void append_field(std::string& out, std::string_view name, std::string_view text) {
  if (is_utf8(text)) {
    fmt::format_to(std::back_inserter(out), R"("{}":)", name);
    append_text(out, text);
  } else {
    fmt::format_to(std::back_inserter(out), R"("{}{}":)", name, kBase64);
    append_base64_text(out, text);
  }
}

void append_labels(std::string& out, const std::map<std::string, std::string>& labels) {
  bool plain = true;
  for (const auto& [key, value] : labels) plain = plain && is_utf8(key) && is_utf8(value);
  fmt::format_to(std::back_inserter(out), R"("{}{}":)", kLabels, plain ? "" : kBase64);
  const auto append = plain ? append_text : append_base64_text;
  out += plain ? '{' : '[';
  bool first = true;
  for (const auto& [key, value] : labels) {
    if (!first) out += ',';
    first = false;
    if (!plain) out += '[';
    append(out, key);
    out += plain ? ':' : ',';
    append(out, value);
    if (!plain) out += ']';
  }
  out += plain ? '}' : ']';
}

}  // namespace

void append(std::string& out, const FailedJob& job) {
  fmt::format_to(std::back_inserter(out), R"({{"{}":"{}")", kFailedAt, format_time(job.failed_at));
  for (const TextField& field : kTextFields) {
    const std::string& text = job.*field.member;
    if (text.empty()) continue;
    out += ',';
    append_field(out, field.name, text);
  }
  if (job.attempts != 0) {
    fmt::format_to(std::back_inserter(out), R"(,"{}":{})", kAttempts, job.attempts);
  }
  if (!job.labels.empty()) {
    out += ',';
    append_labels(out, job.labels);
  }
  out += "}\n";
}

}  // namespace purgatory::json_lines

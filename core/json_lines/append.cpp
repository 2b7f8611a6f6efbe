#include "core/json_lines/fields.hpp"
#include "core/json_lines/text.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::json_lines {
namespace {

void append_base64_text(std::string& out, std::string_view bytes) {
  out += '"';
  append_base64(out, bytes);
  out += '"';
}

/// Behind another field. `plain`: it is no base64.
void append_name(std::string& out, std::string_view name, bool plain) {
  out.append(",\"").append(name).append(plain ? "" : kBase64).append("\":");
}

void append_field(std::string& out, std::string_view name, std::string_view text) {
  const bool plain = is_utf8(text);
  append_name(out, name, plain);
  (plain ? append_json : append_base64_text)(out, text);
}

void append_labels(std::string& out, const std::map<std::string, std::string>& labels) {
  bool plain = true;
  for (const auto& [key, value] : labels) plain = plain && is_utf8(key) && is_utf8(value);
  append_name(out, kLabels, plain);
  const auto append = plain ? append_json : append_base64_text;
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
  out.append("{\"").append(kFailedAt).append("\":\"").append(format_time(job.failed_at)) += '"';
  for (const TextField& field : kTextFields) {
    const std::string& text = job.*field.member;
    if (field.required || !text.empty()) append_field(out, field.name, text);
  }
  if (job.attempts != 0) {
    append_name(out, kAttempts, true);
    out += std::to_string(job.attempts);
  }
  if (!job.labels.empty()) append_labels(out, job.labels);
  out += "}\n";
}

}  // namespace purgatory::json_lines

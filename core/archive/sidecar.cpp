#include "core/archive/sidecar.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/archive/damage.hpp"
#include "core/archive/name.hpp"
#include "core/json_lines/text.hpp"

namespace purgatory::archive {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kFormat = 1;
constexpr std::string_view kBase64 = "_base64";

/// A JSON object as it is written.
class Writer {
 public:
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    out_ += std::to_string(value);
  }

  void text(std::string_view name, std::string_view value) {
    const bool plain = json_lines::is_utf8(value);
    key(name, plain ? "" : kBase64);
    if (plain) return json_lines::append_json(out_, value);
    out_ += '"';
    json_lines::append_base64(out_, value);
    out_ += '"';
  }

  void cursor(std::string_view name, const std::optional<PileCursor>& cursor) {
    if (!cursor) return;
    Writer members;
    members.text("group", cursor->group);
    members.text("failed_at", format_time(cursor->failed_at));
    members.text("job_id", cursor->job_id);
    members.number("version", cursor->version);
    key(name);
    out_ += members.object();
  }

  [[nodiscard]] std::string object() const { return out_ + "}"; }

 private:
  void key(std::string_view name, std::string_view suffix = {}) {
    out_ += out_.empty() ? "{\"" : ",\"";
    out_.append(name).append(suffix).append("\":");
  }

  std::string out_;
};

/// An object that was read. Throws Damage naming the member.
class Reader {
 public:
  Reader(const json::value& value, std::string_view name) : name_(name) {
    if (!value.is_object()) fail("", "is no object");
    object_ = &value.get_object();
  }

  [[nodiscard]] std::uint64_t number(std::string_view name) const {
    json::error_code error;
    const auto number = required(name, member(name)).to_number<std::uint64_t>(error);
    if (error) fail(name, "is no whole number");
    return number;
  }

  [[nodiscard]] std::string text(std::string_view name) const {
    if (const json::value* encoded = member(std::string(name).append(kBase64))) {
      auto bytes = json_lines::read_base64(as_text(name, *encoded));
      if (!bytes) fail(name, "is no base64");
      return *std::move(bytes);
    }
    return as_text(name, required(name, member(name)));
  }

  [[nodiscard]] std::optional<PileCursor> cursor(std::string_view name) const {
    const json::value* value = member(name);
    if (value == nullptr) return std::nullopt;
    const Reader members(*value, name);
    const auto failed_at = parse_time(members.text("failed_at"));
    if (!failed_at) members.fail("failed_at", "is no time");
    return PileCursor{.group = members.text("group"),
                      .failed_at = *failed_at,
                      .job_id = members.text("job_id"),
                      .version = members.number("version")};
  }

  [[noreturn]] void fail(std::string_view name, std::string_view what) const {
    const std::string_view between = name_.empty() || name.empty() ? "" : ".";
    const std::string path = fmt::format("{}{}{}", name_, between, name);
    throw Damage(fmt::format("its sidecar {}{}", path.empty() ? "" : path + " ", what));
  }

 private:
  [[nodiscard]] const json::value* member(std::string_view name) const {
    return object_->if_contains({name.data(), name.size()});
  }
  [[nodiscard]] const json::value& required(std::string_view name, const json::value* value) const {
    if (value == nullptr) fail(name, "is missing");
    return *value;
  }
  [[nodiscard]] std::string as_text(std::string_view name, const json::value& value) const {
    if (!value.is_string()) fail(name, "is no text");
    return {value.get_string().data(), value.get_string().size()};
  }

  std::string_view name_;
  const json::object* object_ = nullptr;
};

json::value parse_json(std::string_view text) {
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error);
  if (error) throw Damage(fmt::format("its sidecar is no JSON: {}", error.message()));
  return value;
}

}  // namespace

bool Sidecar::same_content(const Sidecar& other) const {
  return project == other.project && purge_id == other.purge_id && number == other.number &&
         jobs == other.jobs && bytes == other.bytes && checksum == other.checksum &&
         begin == other.begin && end == other.end;
}

std::string to_json(const Sidecar& sidecar) {
  Writer writer;
  writer.number("format", kFormat);
  writer.text("project", sidecar.project);
  writer.text("purge_id", sidecar.purge_id);
  writer.number("number", sidecar.number);
  writer.number("jobs", sidecar.jobs);
  writer.number("bytes", sidecar.bytes);
  writer.text("checksum", sidecar.checksum);
  writer.text("file", sidecar.file);
  writer.cursor("begin", sidecar.begin);
  writer.cursor("end", sidecar.end);
  return writer.object() + "\n";
}

Sidecar parse_sidecar(std::string_view text, std::string_view name) {
  const json::value value = parse_json(text);
  const Reader reader(value, "");
  if (const auto format = reader.number("format"); format != kFormat) {
    reader.fail("format", fmt::format("is {}, this version reads {}", format, kFormat));
  }
  Sidecar sidecar{.project = reader.text("project"),
                  .purge_id = reader.text("purge_id"),
                  .number = reader.number("number"),
                  .jobs = reader.number("jobs"),
                  .bytes = reader.number("bytes"),
                  .checksum = reader.text("checksum"),
                  .file = reader.text("file"),
                  .begin = reader.cursor("begin"),
                  .end = reader.cursor("end")};
  if (segment_name(sidecar.number) != name) {
    reader.fail("number", fmt::format("is {}, its name says '{}'", sidecar.number, name));
  }
  if (sidecar.bytes > kMostTextBytes) {
    reader.fail("bytes", fmt::format("is {}, over {}", sidecar.bytes, kMostTextBytes));
  }
  const std::string own(name);
  if (sidecar.file != own + std::string(kPlainSuffix) &&
      sidecar.file != own + std::string(kZstdSuffix)) {
    reader.fail("file",
                fmt::format("is not '{}{}', nor '{}{}'", own, kPlainSuffix, own, kZstdSuffix));
  }
  return sidecar;
}

}  // namespace purgatory::archive

#include "core/archive/sidecar.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "core/archive/damage.hpp"
#include "core/archive/name.hpp"
#include "core/json/object.hpp"
#include "purgatory/error.hpp"

namespace purgatory::archive {
namespace {

using boost::json::object;
using json::ObjectReader;
using json::set_text;

constexpr std::uint64_t kForm = 1;
constexpr ErrorCode kCode = ErrorCode::corrupt;
constexpr const char* kWhere = "its sidecar";

void set_cursor(object& sidecar, std::string_view key, const std::optional<PileCursor>& cursor) {
  if (!cursor) return;
  object written;
  set_text(written, "group_id", cursor->group);
  written["failed_at"] = format_time(cursor->failed_at);
  set_text(written, "job_id", cursor->job_id);
  written["version"] = cursor->version;
  sidecar[key] = std::move(written);
}

std::optional<PileCursor> read_cursor(ObjectReader& sidecar, std::string_view key) {
  if (!sidecar.has(key)) return std::nullopt;
  ObjectReader reader = sidecar.object(key);
  PileCursor cursor{.group = reader.text("group_id"),
                    .failed_at = reader.time("failed_at"),
                    .job_id = reader.text("job_id"),
                    .version = reader.number("version")};
  reader.finish();
  return cursor;
}

/// Throws Error.
Sidecar read_sidecar(std::string_view text, std::string_view name) {
  const boost::json::value value = json::parse(text, kCode, kWhere);
  ObjectReader reader(value, kCode, kWhere);
  if (const auto form = reader.number("form"); form != kForm) {
    reader.fail("form", fmt::format("is {}, this version reads {}", form, kForm));
  }
  Sidecar sidecar{.project = reader.text("project_id"),
                  .purge_id = reader.text("purge_id"),
                  .number = reader.number("number"),
                  .jobs = reader.number("jobs"),
                  .bytes = reader.number("bytes"),
                  .checksum = reader.text("checksum"),
                  .file = reader.text("file"),
                  .begin = read_cursor(reader, "begin"),
                  .end = read_cursor(reader, "end")};
  reader.finish();
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

}  // namespace

bool Sidecar::same_content(const Sidecar& other) const {
  return project == other.project && purge_id == other.purge_id && number == other.number &&
         jobs == other.jobs && bytes == other.bytes && checksum == other.checksum &&
         begin == other.begin && end == other.end;
}

std::string to_json(const Sidecar& sidecar) {
  object written{{"form", kForm}};
  set_text(written, "project_id", sidecar.project);
  set_text(written, "purge_id", sidecar.purge_id);
  written["number"] = sidecar.number;
  written["jobs"] = sidecar.jobs;
  written["bytes"] = sidecar.bytes;
  set_text(written, "checksum", sidecar.checksum);
  set_text(written, "file", sidecar.file);
  set_cursor(written, "begin", sidecar.begin);
  set_cursor(written, "end", sidecar.end);
  return boost::json::serialize(written) + "\n";
}

Sidecar parse_sidecar(std::string_view text, std::string_view name) {
  try {
    return read_sidecar(text, name);
  } catch (const Error& error) {
    throw Damage(error.what());
  }
}

}  // namespace purgatory::archive

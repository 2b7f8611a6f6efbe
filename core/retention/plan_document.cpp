// A plan as JSON.

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "core/json/object.hpp"
#include "purgatory/plan.hpp"

namespace purgatory {
namespace {

using boost::json::array;
using boost::json::object;
using json::ObjectReader;
using json::set_text;

constexpr ErrorCode kCode = ErrorCode::invalid_argument;
constexpr std::uint64_t kForm = 1;

struct FilterText {
  std::string_view key;
  std::optional<std::string> Filter::*member;
};
constexpr std::array kFilterTexts{
    FilterText{"failure_status", &Filter::failure_status},
    FilterText{"resource_type", &Filter::resource_type},
    FilterText{"resource_id", &Filter::resource_id},
    FilterText{"job_type", &Filter::job_type},
    FilterText{"error_code", &Filter::error_code},
    FilterText{"resource_name", &Filter::resource_name},
    FilterText{"rule", &Filter::rule},
};

object object_of(const Filter& filter) {
  object filtered;
  for (const auto& [key, member] : kFilterTexts) {
    if (filter.*member) set_text(filtered, key, *(filter.*member));
  }
  if (filter.literal) filtered["literal"] = true;
  if (filter.failed_from) filtered["failed_from"] = format_time(*filter.failed_from);
  if (filter.failed_before) filtered["failed_before"] = format_time(*filter.failed_before);
  if (filter.held) filtered["held"] = *filter.held;
  if (filter.resolved) filtered["resolved"] = *filter.resolved;
  return filtered;
}

Filter read_filter(ObjectReader reader) {
  Filter filter;
  for (const auto& [key, member] : kFilterTexts) filter.*member = reader.optional_text(key);
  filter.literal = reader.optional_boolean("literal").value_or(false);
  if (reader.has("failed_from")) filter.failed_from = reader.time("failed_from");
  if (reader.has("failed_before")) filter.failed_before = reader.time("failed_before");
  filter.held = reader.optional_boolean("held");
  filter.resolved = reader.optional_boolean("resolved");
  reader.finish();
  return filter;
}

object object_of(const Scope& scope) {
  object written;
  set_text(written, "project_id", scope.project());
  if (scope.level() == Scope::Level::group) set_text(written, "group_id", scope.group());
  if (scope.level() == Scope::Level::project_level) set_text(written, "group_id", "");
  return written;
}

Scope read_scope(ObjectReader reader) {
  std::string project = reader.text("project_id");
  auto group = reader.optional_text("group_id");
  reader.finish();
  return group ? Scope::group(std::move(project), *std::move(group))
               : Scope::project(std::move(project));
}

object object_of(const PlannedPurge::Sample& sample) {
  object written;
  set_text(written, "project_id", sample.project);
  set_text(written, "group_id", sample.group);
  set_text(written, "job_id", sample.job_id);
  written["failed_at"] = format_time(sample.failed_at);
  return written;
}

PlannedPurge::Sample read_sample(ObjectReader& reader) {
  PlannedPurge::Sample sample{.project = reader.text("project_id"),
                              .group = reader.text("group_id"),
                              .job_id = reader.text("job_id"),
                              .failed_at = reader.time("failed_at")};
  reader.finish();
  return sample;
}

object object_of(const PlannedPurge& purge) {
  object written;
  set_text(written, "rule", purge.rule);
  written["reason"] = purge.reason;
  written["jobs"] = purge.jobs;
  written["bytes"] = purge.bytes;
  written["oldest"] = format_time(purge.oldest);
  written["newest"] = format_time(purge.newest);
  array samples;
  for (const auto& sample : purge.samples) samples.push_back(object_of(sample));
  written["samples"] = std::move(samples);
  return written;
}

PlannedPurge read_purge(ObjectReader& reader) {
  PlannedPurge purge{.rule = reader.text("rule"),
                     .reason = reader.text("reason"),
                     .jobs = reader.number("jobs"),
                     .bytes = reader.number("bytes"),
                     .oldest = reader.time("oldest"),
                     .newest = reader.time("newest")};
  for (ObjectReader& sample : reader.objects("samples")) {
    purge.samples.push_back(read_sample(sample));
  }
  reader.finish();
  return purge;
}

}  // namespace

std::string to_json(const Plan& plan) {
  object written{{"form", kForm}};
  if (!plan.policy.empty()) written["policy"] = plan.policy;
  written["cutoff"] = format_time(plan.cutoff);
  if (plan.scope) {
    written["scope"] = object_of(*plan.scope);
  } else {
    written["everything"] = true;
  }
  if (!plan.filter.empty()) written["filter"] = object_of(plan.filter);
  written["complete"] = plan.complete;
  written["jobs"] = plan.jobs;
  written["bytes"] = plan.bytes;
  written["held"] = plan.held;
  array purges;
  for (const PlannedPurge& purge : plan.purges) purges.push_back(object_of(purge));
  written["purges"] = std::move(purges);
  written["unmatched"] = plan.unmatched;
  written["over_caps"] = plan.over_caps;
  if (!plan.guard.empty()) set_text(written, "guard", plan.guard);
  array watermarks;
  for (const Plan::Watermark& watermark : plan.watermarks) {
    object& project = watermarks.emplace_back(object()).as_object();
    set_text(project, "project_id", watermark.project);
    project["version"] = watermark.version;
  }
  written["watermarks"] = std::move(watermarks);
  return boost::json::serialize(written);
}

Plan read_plan(std::string_view json) {
  const boost::json::value value = json::parse(json, kCode, "plan");
  ObjectReader reader(value, kCode, "plan");
  if (reader.number("form") != kForm) {
    reader.fail("form", fmt::format("is not {}: another version of the library wrote it", kForm));
  }
  Plan plan;
  plan.policy = reader.optional_text("policy").value_or(std::string());
  plan.cutoff = reader.time("cutoff");
  const bool everything = reader.optional_boolean("everything").value_or(false);
  if (everything == reader.has("scope")) reader.fail("scope", "or everything: give one of both");
  if (!everything) plan.scope = read_scope(reader.object("scope"));
  if (reader.has("filter")) plan.filter = read_filter(reader.object("filter"));
  plan.complete = reader.optional_boolean("complete").value_or(true);
  plan.jobs = reader.number("jobs");
  plan.bytes = reader.number("bytes");
  plan.held = reader.number("held");
  for (ObjectReader& purge : reader.objects("purges")) plan.purges.push_back(read_purge(purge));
  plan.unmatched = reader.number("unmatched");
  plan.over_caps = reader.number("over_caps");
  plan.guard = reader.optional_text("guard").value_or(std::string());
  for (ObjectReader& watermark : reader.objects("watermarks")) {
    plan.watermarks.push_back(
        {.project = watermark.text("project_id"), .version = watermark.number("version")});
    watermark.finish();
  }
  reader.finish();
  return plan;
}

}  // namespace purgatory

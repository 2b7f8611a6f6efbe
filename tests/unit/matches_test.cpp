#include <catch2/catch.hpp>
#include <functional>

#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;

StoredJob stored() {
  StoredJob stored;
  stored.job = unit::sample_job();
  stored.job.failed_at = at(100);
  stored.retention.stamp.rule = "old";
  return stored;
}

Filter with(const std::function<void(Filter&)>& set) {
  Filter filter;
  set(filter);
  return filter;
}

TEST_CASE("an empty filter matches everything and says so") {
  CHECK(Filter{}.empty());
  CHECK(matches(Filter{}, stored()));
  CHECK(matches(Filter{}, StoredJob{}));
}

TEST_CASE("literal alone asks for nothing") {
  CHECK(with([](Filter& f) { f.literal = true; }).empty());
}

struct Row {
  const char* name;
  std::function<void(Filter&)> hit;
  std::function<void(Filter&)> miss;
};

TEST_CASE("each member of a filter decides alone") {
  const Row rows[] = {
      {"failure_status", [](Filter& f) { f.failure_status = "failed"; },
       [](Filter& f) { f.failure_status = "fail*"; }},
      {"resource_type", [](Filter& f) { f.resource_type = std::string("\0{tag}", 6); },
       [](Filter& f) { f.resource_type = ""; }},
      {"resource_id", [](Filter& f) { f.resource_id = "r\xFF\xFE"; },
       [](Filter& f) { f.resource_id = "r*"; }},
      {"job_type", [](Filter& f) { f.job_type = "t*"; }, [](Filter& f) { f.job_type = "t?"; }},
      {"error_code", [](Filter& f) { f.error_code = "E?"; }, [](Filter& f) { f.error_code = "E"; }},
      {"resource_name", [](Filter& f) { f.resource_name = "*me"; },
       [](Filter& f) { f.resource_name = "me"; }},
      {"rule", [](Filter& f) { f.rule = "old"; }, [](Filter& f) { f.rule = "ol*"; }},
      {"failed_from", [](Filter& f) { f.failed_from = at(100); },
       [](Filter& f) { f.failed_from = at(101); }},
      {"failed_before", [](Filter& f) { f.failed_before = at(101); },
       [](Filter& f) { f.failed_before = at(100); }},
      {"held", [](Filter& f) { f.held = false; }, [](Filter& f) { f.held = true; }},
      {"resolved", [](Filter& f) { f.resolved = false; }, [](Filter& f) { f.resolved = true; }},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK_FALSE(with(row.hit).empty());
    CHECK(matches(with(row.hit), stored()));
    CHECK_FALSE(matches(with(row.miss), stored()));
    // All members have to agree.
    for (const Row& other : rows) {
      Filter both = with(other.hit);
      row.miss(both);
      CHECK_FALSE(matches(both, stored()));
    }
  }
}

TEST_CASE("literal makes globs plain values") {
  StoredJob plain = stored();
  plain.job.job_type = plain.job.error_code = plain.job.resource_name = "a*?";
  for (auto member : {&Filter::job_type, &Filter::error_code, &Filter::resource_name}) {
    Filter filter;
    filter.*member = "a*?";
    CHECK(matches(filter, plain));
    filter.literal = true;
    CHECK(matches(filter, plain));
    filter.*member = "a*";
    CHECK_FALSE(matches(filter, plain));
    filter.literal = false;
    CHECK(matches(filter, plain));
  }
}

TEST_CASE("a person's hold and a rule's hold are both a hold") {
  const Filter asks = with([](Filter& f) { f.held = true; });
  StoredJob by_person = stored();
  by_person.retention.hold = Hold{};
  StoredJob by_rule = stored();
  by_rule.retention.stamp.rule_hold = "law";
  CHECK(matches(asks, by_person));
  CHECK(matches(asks, by_rule));
}

TEST_CASE("a resolved job is known by its moment, the epoch too") {
  StoredJob resolved = stored();
  resolved.retention.resolved_at = at(0);
  CHECK(matches(with([](Filter& f) { f.resolved = true; }), resolved));
}

}  // namespace
}  // namespace purgatory

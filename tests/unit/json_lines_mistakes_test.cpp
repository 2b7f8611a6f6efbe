// A line that is not understood whole is refused, and the message says what to mend.

#include <catch2/catch.hpp>

#include "purgatory/json_lines.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

constexpr const char* kRequired =
    R"("project_id":"p","job_id":"j","failed_at":"2026-11-23T13:51:54.108Z")";

void check_refused(const std::string& line, const std::string& text) {
  INFO(line.substr(0, 200));
  CHECK(unit::error_of([&] { (void)json_lines::parse(line); }) == "invalid_argument: " + text);
}

/// Of a line that is right but for these fields.
void check_field_refused(const std::string& fields, const std::string& text) {
  check_refused(std::string("{") + kRequired + "," + fields + "}", text);
}

TEST_CASE("an unknown field is refused with the name that may have been meant, or all names") {
  check_field_refused(R"("resourse_id":"r")",
                      "'resourse_id': is no field; did you mean 'resource_id'?");
  check_field_refused(R"("Labels":{})", "'Labels': is no field; did you mean 'labels'?");
  const std::string all =
      ": is no field; there are: project_id, group_id, job_id, job_type, resource_type, "
      "resource_id, resource_name, failure_status, error_code, fail_reason, payload, failed_at, "
      "attempts, labels";
  check_field_refused(R"("status":"x")", "'status'" + all);
  check_field_refused(R"("":"x")", "''" + all);
  check_field_refused(R"("_base64":"x")", "'_base64'" + all);
  check_field_refused(R"("\u0000\u001b[31m":"x")", "'\\x00\\x1b[31m'" + all);
  check_field_refused("\"" + std::string(1'000'000, 'k') + "\":1",
                      "'" + std::string(60, 'k') + "...'" + all);
}

TEST_CASE("times and numbers have no base64") {
  check_refused(R"({"failed_at_base64":""})",
                "'failed_at_base64': is no field; there are: project_id, group_id, job_id, "
                "job_type, resource_type, resource_id, resource_name, failure_status, error_code, "
                "fail_reason, payload, failed_at, attempts, labels");
}

TEST_CASE("required fields have to be there") {
  check_refused(R"({"job_id":"j","failed_at":"2026-11-23T13:51:54Z"})", "project_id: is missing");
  check_refused(R"({"project_id":"p","failed_at":"2026-11-23T13:51:54Z"})", "job_id: is missing");
  check_refused(R"({"project_id":"p","job_id":"j"})", "failed_at: is missing");
  check_refused("{}", "project_id: is missing");
}

TEST_CASE("a field takes its own type alone") {
  check_field_refused(R"("payload":5)", "payload: takes a text, not a number");
  check_field_refused(R"("payload":-1.5e3)", "payload: takes a text, not a number");
  check_field_refused(R"("payload":18446744073709551615)", "payload: takes a text, not a number");
  check_field_refused(R"("payload":true)", "payload: takes a text, not true");
  check_field_refused(R"("payload":false)", "payload: takes a text, not false");
  check_field_refused(R"("payload":null)", "payload: takes a text, not null; leave it out");
  check_field_refused(R"("payload":{"amount":5})", "payload: takes a text, not an object");
  check_field_refused(R"("payload":["a"])", "payload: takes a text, not an array");
  check_field_refused(R"("payload_base64":5)", "payload_base64: takes a text, not a number");
  check_field_refused(R"("attempts":"3")", "attempts: takes a whole number, not a text");
  check_field_refused(R"("attempts":null)",
                      "attempts: takes a whole number, not null; leave it out");
  check_refused(R"({"failed_at":1795441914108})", "failed_at: takes a text, not a number");
}

TEST_CASE("attempts are a whole number of 32 bits") {
  for (const char* number : {"-1", "4294967296", "9223372036854775807", "18446744073709551615",
                             "18446744073709551616", "1e400", "-1e400", "3.0", "3.5", "3e0"}) {
    check_field_refused(std::string("\"attempts\":") + number,
                        "attempts: takes a whole number, 0 to 4294967295");
  }
}

TEST_CASE("a field is given once, in one of its forms") {
  check_field_refused(R"("job_id":"k")", "job_id: is given twice; job_id is one value");
  check_field_refused(R"("failed_at":"2026-11-23T13:51:54Z")",
                      "failed_at: is given twice; failed_at is one value");
  check_field_refused(R"("attempts":1,"attempts":1)",
                      "attempts: is given twice; attempts is one value");
  check_field_refused(R"("payload":"","payload_base64":"")",
                      "payload_base64: is given twice; payload is one value");
  check_field_refused(R"("payload_base64":"","payload":"")",
                      "payload: is given twice; payload is one value");
  check_field_refused(R"("labels":{},"labels_base64":[])",
                      "labels_base64: is given twice; labels is one value");
  check_field_refused(R"("payload":"","pay\u006coad":"")",
                      "payload: is given twice; payload is one value");
}

TEST_CASE("a time is one of RFC 3339") {
  check_refused(R"({"failed_at":"yesterday"})",
                "failed_at: 'yesterday' is no time as RFC 3339 has it; write "
                "2026-11-23T13:51:54.108Z");
  check_refused(R"({"failed_at":""})",
                "failed_at: '' is no time as RFC 3339 has it; write 2026-11-23T13:51:54.108Z");
}

TEST_CASE("labels are an object of texts, each key once") {
  const std::string takes = "labels: takes an object of texts, not ";
  check_field_refused(R"("labels":["a"])", takes + "an array");
  check_field_refused(R"("labels":"a")", takes + "a text");
  check_field_refused(R"("labels":1)", takes + "a number");
  check_field_refused(R"("labels":null)", takes + "null; leave it out");
  check_field_refused(R"("labels":{"a":1})", "labels: 'a' takes a text, not a number");
  check_field_refused(R"("labels":{"a":null})", "labels: 'a' takes a text, not null; leave it out");
  check_field_refused(R"("labels":{"a":{}})", "labels: 'a' takes a text, not an object");
  check_field_refused(R"("labels":{"a":["b"]})", "labels: 'a' takes a text, not an array");
  check_field_refused(R"("labels":{"a":"1","b":"2","a":"1"})", "labels: 'a' is given twice");
}

TEST_CASE("labels as base64 are pairs of texts, each key once") {
  const std::string takes = "labels_base64: takes an array of pairs of texts, not ";
  check_field_refused(R"("labels_base64":{})", takes + "an object");
  check_field_refused(R"("labels_base64":"YQ==")", takes + "a text");
  check_field_refused(R"("labels_base64":["YQ=="])", takes + "a text");
  check_field_refused(R"("labels_base64":["no base64"])", takes + "a text");
  check_field_refused(R"("labels_base64":[{}])", takes + "an object");
  check_field_refused(R"("labels_base64":[1])", takes + "a number");
  check_field_refused(R"("labels_base64":[["YQ==",1]])", takes + "a number");
  check_field_refused(R"("labels_base64":[["YQ==",["YQ=="]]])", takes + "an array");
  const std::string pairs = "labels_base64: takes pairs, [key, value], each key once";
  check_field_refused(R"("labels_base64":[[]])", pairs);
  check_field_refused(R"("labels_base64":[["YQ=="]])", pairs);
  check_field_refused(R"("labels_base64":[["YQ==","YQ==","YQ=="]])", pairs);
  check_field_refused(R"("labels_base64":[["YQ==","Yg=="],["YQ==","Yg=="]])", pairs);
  check_field_refused(R"("labels_base64":[["YQ","YQ=="]])", "labels_base64: 'YQ' is no base64");
}

TEST_CASE("base64 is base64 to its last bit") {
  check_field_refused(R"("payload_base64":"YQ")", "payload_base64: 'YQ' is no base64");
  check_field_refused(R"("payload_base64":"YR==")", "payload_base64: 'YR==' is no base64");
  check_refused(R"({"job_id_base64":"not\nbase64"})",
                "job_id_base64: 'not\\x0abase64' is no base64");
}

TEST_CASE("a line is one object") {
  check_refused("[]", "takes an object, {...}, not an array");
  check_refused("[{}]", "takes an object, {...}, not an array");
  check_refused("\"text\"", "takes an object, {...}, not a text");
  check_refused("5", "takes an object, {...}, not a number");
  check_refused("null", "takes an object, {...}, not null; leave it out");
}

TEST_CASE("what is no JSON is refused with its place, counted from 0") {
  check_refused("", "is no JSON: incomplete JSON at byte 0");
  check_refused("\n", "is no JSON: incomplete JSON at byte 1");
  check_refused("project_id,job_id", "is no JSON: syntax error at byte 0");
  check_refused(R"({"project_id":"p")", "is no JSON: incomplete JSON at byte 17");
  check_refused(R"({"project_id":"p",})", "is no JSON: syntax error at byte 18");
  check_refused(R"({"project_id":'p'})", "is no JSON: syntax error at byte 14");
  check_refused(R"({"attempts":01})", "is no JSON: syntax error at byte 13");
  check_refused(R"({"attempts":NaN})", "is no JSON: syntax error at byte 12");
  check_refused(R"({"project_id":"p"/**/})", "is no JSON: syntax error at byte 17");
  check_refused("{\"project_id\":\"a\nb\"}", "is no JSON: syntax error at byte 16");
  check_refused(std::string("{\"project_id\":\"a\0b\"}", 20),
                "is no JSON: syntax error at byte 16");
  check_refused(R"({"project_id":"\x41"})", "is no JSON: syntax error at byte 16");
}

TEST_CASE("a surrogate comes with its other half") {
  check_refused(R"({"project_id":"\ud834"})", "is no JSON: syntax error at byte 21");
  check_refused(R"({"project_id":"\ud834x"})", "is no JSON: syntax error at byte 21");
  check_refused(R"({"project_id":"\ud834\u0041"})",
                "is no JSON: illegal trailing surrogate at byte 23");
  check_refused(R"({"project_id":"\udd1e"})", "is no JSON: illegal trailing surrogate at byte 21");
  check_refused(R"({"project_id":"\ud8zz"})", "is no JSON: expected hex digit at byte 19");
}

TEST_CASE("nothing but blanks stands behind the object") {
  const std::string line = std::string("{") + kRequired + "}";
  REQUIRE(line.size() == 70);
  check_refused(line + "x", "is no JSON: extra data at byte 70");
  check_refused(line + " " + line, "is no JSON: extra data at byte 71");
  check_refused(line + "\n" + line, "is no JSON: extra data at byte 71");
  check_refused(line + std::string(1, '\0'), "is no JSON: extra data at byte 70");
}

TEST_CASE("bytes that are not UTF-8 are refused with the way to write them") {
  const std::string advice = "; a text that is not UTF-8 is written as <field>_base64";
  check_refused("{\"project_id\":\"\xFF\"}", "is no JSON: syntax error at byte 15" + advice);
  check_refused("{\"project_id\":\"\xED\xA0\x80\"}",
                "is no JSON: syntax error at byte 15" + advice);
  check_refused("{\"project_id\":\"\xE2\x82\"}", "is no JSON: syntax error at byte 15" + advice);
  check_refused("{\"\xFF\":1}", "is no JSON: syntax error at byte 2" + advice);
  check_refused("\xFF\xFE{", "is no JSON: syntax error at byte 0" + advice);
}

TEST_CASE("however deep a line goes, it is refused where it goes too deep") {
  for (const std::string& deep : {std::string(1'000'000, '['), [] {
                                    std::string objects;
                                    for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
                                    return objects;
                                  }()}) {
    const std::string found = deep.front() == '[' ? "an array" : "an object";
    check_field_refused("\"payload\":" + deep, "payload: takes a text, not " + found);
    check_field_refused("\"labels\":{\"a\":" + deep, "labels: 'a' takes a text, not " + found);
  }
  check_refused(std::string(1'000'000, '['), "takes an object, {...}, not an array");
}

TEST_CASE("of several mistakes the first is reported") {
  check_refused(R"({"attempts":"x","unknown":1,)", "attempts: takes a whole number, not a text");
}

}  // namespace
}  // namespace purgatory

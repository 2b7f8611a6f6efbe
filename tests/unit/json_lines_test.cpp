// What a line holds comes in as it is, and what is written as a line comes back.

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/json_lines/fields.hpp"
#include "core/json_lines/text.hpp"
#include "purgatory/json_lines.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;

/// A line with these fields beside the required ones.
std::string line_with(const std::string& fields) {
  return R"({"project_id":"p","job_id":"j","failed_at":"2026-11-23T13:51:54.108Z",)" + fields + "}";
}

/// What a text field holds that is written as `json`.
std::string read_text(const std::string& json) {
  return json_lines::parse(line_with("\"payload\":" + json)).payload;
}

std::string to_line(const FailedJob& job) {
  std::string line;
  json_lines::append(line, job);
  return line;
}

FailedJob smallest_job() {
  FailedJob job;
  job.project = "p";
  job.job_id = "j";
  job.failed_at = at(0);
  return job;
}

TEST_CASE("every field of a line comes into the job") {
  const FailedJob job = json_lines::parse(
      R"({"project_id":"shop","group_id":"payments","job_id":"capture-4711","job_type":"capture",)"
      R"("resource_type":"order","resource_id":"4711","resource_name":"Order 4711",)"
      R"("failure_status":"failed","error_code":"TIMEOUT","fail_reason":"no answer",)"
      R"("failed_at":"2026-11-23T13:51:54.108Z","attempts":3,)"
      R"("labels":{"region":"eu","host":"web1"},"payload":"{\"amount\":5}"})");
  CHECK(job == FailedJob{.project = "shop",
                         .group = "payments",
                         .job_id = "capture-4711",
                         .job_type = "capture",
                         .resource_type = "order",
                         .resource_id = "4711",
                         .resource_name = "Order 4711",
                         .failure_status = "failed",
                         .error_code = "TIMEOUT",
                         .fail_reason = "no answer",
                         .attempts = 3,
                         .labels = {{"region", "eu"}, {"host", "web1"}},
                         .failed_at = at(1'795'441'914'108),
                         .payload = R"({"amount":5})"});
}

TEST_CASE("what is not required can be left out, and fields stand in any order") {
  CHECK(
      json_lines::parse(R"({"failed_at":"1970-01-01T00:00:00Z","job_id":"j","project_id":"p"})") ==
      smallest_job());
}

TEST_CASE("blanks are allowed where JSON allows them, and one newline behind") {
  for (const char* end : {"", "\n", "\r\n", " \t\r\n"}) {
    CHECK(json_lines::parse("\t{ \"failed_at\" : \"1970-01-01T00:00:00Z\" ,\r\n"
                            " \"job_id\":\"j\", \"project_id\":\"p\" } " +
                            std::string(end)) == smallest_job());
  }
}

TEST_CASE("attempts are 0 to 4294967295") {
  CHECK(json_lines::parse(line_with(R"("attempts":0)")).attempts == 0);
  CHECK(json_lines::parse(line_with(R"("attempts":-0)")).attempts == 0);
  CHECK(json_lines::parse(line_with(R"("attempts":4294967295)")).attempts == 4'294'967'295);
}

TEST_CASE("escapes are the bytes that they stand for") {
  CHECK(read_text(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(read_text(R"("\u0041\u00e9\u20AC")") == "A\xC3\xA9\xE2\x82\xAC");
  CHECK(read_text(R"("\ud834\udd1e")") == "\xF0\x9D\x84\x9E");
  CHECK(read_text(R"("a\u0000b")") == std::string("a\0b", 3));
  CHECK(read_text("\"\xC3\xA9 \xE2\x82\xAC \xF0\x9D\x84\x9E \x7F\"") ==
        "\xC3\xA9 \xE2\x82\xAC \xF0\x9D\x84\x9E \x7F");
}

TEST_CASE("keys may be escaped, too") {
  CHECK(json_lines::parse(line_with(R"("pay\u006coad":"x")")).payload == "x");
  CHECK(json_lines::parse(line_with(R"("labels":{"\u0000":"x"})")).labels ==
        std::map<std::string, std::string>{{std::string(1, '\0'), "x"}});
}

TEST_CASE("texts longer than any buffer come in whole") {
  std::string escaped;
  for (int i = 0; i < 100'000; ++i) escaped += R"(\n\u00e9x)";
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\n\xC3\xA9x";
  CHECK(read_text('"' + escaped + '"') == text);
  const std::string key(100'000, 'k');
  CHECK(json_lines::parse(line_with(R"("labels":{")" + key + R"(":"v"})")).labels.contains(key));
}

TEST_CASE("each text can be given as base64") {
  for (const json_lines::TextField& field : json_lines::kTextFields) {
    INFO(field.name);
    FailedJob job = smallest_job();
    job.*field.member = std::string("\xFF\0", 2);
    const std::string line = to_line(job);
    CHECK(line.find('"' + std::string(field.name) + R"(_base64":"/wA=")") != std::string::npos);
    CHECK(json_lines::parse(line) == job);
  }
}

TEST_CASE("labels that are not UTF-8 are pairs of base64") {
  FailedJob job = smallest_job();
  job.labels = {{"a", "b"}, {"\xFF", ""}};
  const std::string line = to_line(job);
  CHECK(line.find(R"("labels_base64":[["YQ==","Yg=="],["/w==",""]])") != std::string::npos);
  CHECK(json_lines::parse(line) == job);
}

TEST_CASE("no labels can be written out") {
  CHECK(json_lines::parse(line_with(R"("labels":{})")).labels.empty());
  CHECK(json_lines::parse(line_with(R"("labels_base64":[])")).labels.empty());
}

TEST_CASE("a line is appended with its newline, and without what is empty and not required") {
  std::string out = "before\n";
  json_lines::append(out, FailedJob{});
  CHECK(out ==
        "before\n"
        R"({"failed_at":"1970-01-01T00:00:00.000Z","project_id":"","job_id":""})"
        "\n");
}

TEST_CASE("a line has every field of a job") {
  CHECK(to_line({.project = "p",
                 .group = "g",
                 .job_id = "j",
                 .job_type = "t",
                 .resource_type = "rt",
                 .resource_id = "ri",
                 .resource_name = "rn",
                 .failure_status = "s",
                 .error_code = "e",
                 .fail_reason = "\"line 1\"\n\x1F",
                 .attempts = 4'294'967'295,
                 .labels = {{"b", "2"}, {"a", "\\"}},
                 .failed_at = at(1'795'441'914'108),
                 .payload = std::string("\0\xC3\xA9", 3)}) ==
        R"({"failed_at":"2026-11-23T13:51:54.108Z","project_id":"p","group_id":"g","job_id":"j",)"
        R"("job_type":"t","resource_type":"rt","resource_id":"ri","resource_name":"rn",)"
        R"("failure_status":"s","error_code":"e","fail_reason":"\"line 1\"\n\u001f",)"
        "\"payload\":\"\\u0000\xC3\xA9\",\"attempts\":4294967295,"
        R"("labels":{"a":"\\","b":"2"}})"
        "\n");
}

/// Half of them UTF-8, with all that has to be escaped.
rc::Gen<std::string> text_of_a_line() {
  static const std::vector<std::string> kCharacters{"a",
                                                    "\"",
                                                    "\\",
                                                    "/",
                                                    "\b",
                                                    "\n",
                                                    "\x1F",
                                                    "\x7F",
                                                    std::string(1, '\0'),
                                                    "\xC3\xA9",
                                                    "\xE2\x82\xAC",
                                                    "\xEF\xBF\xBF",
                                                    "\xF0\x9D\x84\x9E",
                                                    "\xF4\x8F\xBF\xBF"};
  const auto join = [](const std::vector<std::string>& characters) {
    std::string text;
    for (const std::string& character : characters) text += character;
    return text;
  };
  return rc::gen::oneOf(
      rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kCharacters)),
                   join),
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
}

FailedJob job_of_a_line() {
  FailedJob job;
  for (const json_lines::TextField& field : json_lines::kTextFields) {
    job.*field.member = *text_of_a_line();
  }
  job.failed_at = at(
      *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000)));
  job.attempts = *rc::gen::arbitrary<std::uint32_t>();
  job.labels =
      *rc::gen::container<std::map<std::string, std::string>>(text_of_a_line(), text_of_a_line());
  return job;
}

TEST_CASE("any job comes back from its line as it was") {
  rc::prop("job with any bytes", [] {
    const FailedJob job = job_of_a_line();
    const std::string line = to_line(job);
    RC_ASSERT(line.find('\n') == line.size() - 1);
    RC_ASSERT(json_lines::is_utf8(line));
    RC_ASSERT(json_lines::parse(line) == job);
  });
}

TEST_CASE("bytes are written as RFC 4648 writes them") {
  struct Row {
    const char* bytes;
    const char* text;
  };
  for (const Row& row : {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
                         Row{"foob", "Zm9vYg=="}, Row{"fooba", "Zm9vYmE="},
                         Row{"foobar", "Zm9vYmFy"}, Row{"\xFB\xEF\xFF", "++//"}}) {
    std::string out;
    json_lines::append_base64(out, row.bytes);
    CHECK(out == row.text);
    CHECK(json_lines::read_base64(row.text) == row.bytes);
  }
}

TEST_CASE("bytes of every length come back, none beside them is read") {
  rc::prop("bytes in a buffer of their size", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const std::vector<char> bytes(text.begin(), text.end());
    std::string out;
    json_lines::append_base64(out, {bytes.data(), bytes.size()});
    const std::vector<char> digits(out.begin(), out.end());
    const auto again = json_lines::read_base64({digits.data(), digits.size()});
    RC_ASSERT(again == text);
  });
}

TEST_CASE("what is no base64 to its last bit is none") {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "=", "==", "===", "====", "Zg==Zg==", "Z===", "=Zg=", "Zm=v",
        "Zh==", "Zm9=", "Zm9v\n", "Z m=", "Zm-_", "Zm\xFF=", "Zm9v===="}) {
    INFO(text);
    CHECK(!json_lines::read_base64(text));
  }
  CHECK(!json_lines::read_base64(std::string("Zm\0v", 4)));
}

TEST_CASE("only what RFC 3629 allows is UTF-8") {
  for (const char* text :
       {"", "plain \x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    INFO(text);
    CHECK(json_lines::is_utf8(text));
    CHECK(json_lines::is_utf8("12345678" + std::string(text) + "12345678"));
  }
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xE0\x9F\xBF", "\xE2\x82",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x9D\x84", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFE", "\xFF"}) {
    INFO(text);
    CHECK(!json_lines::is_utf8(text));
    CHECK(!json_lines::is_utf8("12345678" + std::string(text) + "12345678"));
  }
}

}  // namespace
}  // namespace purgatory

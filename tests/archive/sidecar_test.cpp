// What a sidecar says, and each way in which it can be wrong.

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "core/archive/damage.hpp"
#include "core/archive/sidecar.hpp"
#include "tests/contract/fixture.hpp"

namespace purgatory::archive {
namespace {

using contract::at;

Sidecar a_sidecar() {
  return {.project = "shop",
          .purge_id = "purge",
          .number = 2,
          .jobs = 3,
          .bytes = 300,
          .checksum = "00112233445566778899aabbccddeeff",
          .file = "000002.jsonl.zst",
          .begin = PileCursor{.group = "g", .failed_at = at(1), .job_id = "1", .version = 7},
          .end = PileCursor{.group = "h", .failed_at = at(2), .job_id = "2", .version = 8}};
}

bool equal(const Sidecar& a, const Sidecar& b) { return a.same_content(b) && a.file == b.file; }

/// What is wrong with a sidecar of which one member was changed; a null is taken out.
std::string damage_with(std::string_view member, boost::json::value value,
                        std::string_view inside = {}) {
  boost::json::value sidecar = boost::json::parse(to_json(a_sidecar()));
  boost::json::object& object =
      inside.empty() ? sidecar.as_object()
                     : sidecar.as_object()[{inside.data(), inside.size()}].as_object();
  if (value.is_null()) {
    object.erase({member.data(), member.size()});
  } else {
    object[{member.data(), member.size()}] = std::move(value);
  }
  try {
    static_cast<void>(parse_sidecar(boost::json::serialize(sidecar), "000002"));
  } catch (const Damage& damage) {
    return damage.what();
  }
  return "no damage";
}

std::string damage_of_text(std::string_view text) {
  try {
    static_cast<void>(parse_sidecar(text, "000002"));
  } catch (const Damage& damage) {
    return damage.what();
  }
  return "no damage";
}

TEST_CASE("a sidecar is a line of JSON") {
  CHECK(
      to_json(a_sidecar()) ==
      R"({"form":1,"project_id":"shop","purge_id":"purge","number":2,"jobs":3,"bytes":300,)"
      R"("checksum":"00112233445566778899aabbccddeeff","file":"000002.jsonl.zst",)"
      R"("begin":{"group_id":"g","failed_at":"2024-01-01T00:00:01.000Z","job_id":"1","version":7},)"
      R"("end":{"group_id":"h","failed_at":"2024-01-01T00:00:02.000Z","job_id":"2","version":8}})"
      "\n");
}

TEST_CASE("a sidecar comes back as it was") {
  Sidecar sidecar = a_sidecar();
  CHECK(equal(parse_sidecar(to_json(sidecar), "000002"), sidecar));

  sidecar.project = std::string("\0\"\xFF", 3);
  sidecar.purge_id =
      "gr\xC3\xBC\xC3\x9F"
      "e\n";
  sidecar.begin.reset();
  sidecar.end->group = "\x80";
  sidecar.end->job_id = "\xFE";
  sidecar.end->version = ~std::uint64_t{0};
  sidecar.file = "000002.jsonl";
  CHECK(equal(parse_sidecar(to_json(sidecar), "000002"), sidecar));
}

TEST_CASE("a sidecar has no members that this version does not know") {
  CHECK(damage_with("written_by", "somebody") == "its sidecar: 'written_by': is not known");
  CHECK(damage_with("size", 5, "end") == "its sidecar: end: 'size': is not known");
  CHECK(damage_with("project_id_base64", "eA==") ==
        "its sidecar: 'project_id_base64': is not known");
}

TEST_CASE("a sidecar that is no JSON says so") {
  CHECK(damage_of_text("") == "its sidecar: is no JSON: incomplete JSON");
  CHECK(damage_of_text("{} x") == "its sidecar: is no JSON: extra data");
  CHECK(damage_of_text("[1]") == "its sidecar: is no JSON object");
}

TEST_CASE("a sidecar names the member that is wrong") {
  CHECK(damage_with("form", 2) == "its sidecar: form: is 2, this version reads 1");
  CHECK(damage_with("form", nullptr) == "its sidecar: form: is missing");
  CHECK(damage_with("project_id", nullptr) == "its sidecar: project_id: is missing");
  CHECK(damage_with("project_id", 5) == "its sidecar: project_id: is no text");
  const std::string no_number = "its sidecar: jobs: is no number of 0 or more";
  CHECK(damage_with("jobs", "3") == no_number);
  CHECK(damage_with("jobs", -1) == no_number);
  CHECK(damage_with("jobs", 1.5) == no_number);
  CHECK(damage_with("bytes", 67'108'865) == "its sidecar: bytes: is 67108865, over 67108864");
  CHECK(damage_with("begin", "x") == "its sidecar: begin: is no JSON object");
  CHECK(damage_with("version", nullptr, "end") == "its sidecar: end: version: is missing");
  CHECK(damage_with("failed_at", "today", "begin") ==
        "its sidecar: begin: failed_at: is no time: write it as 2026-11-28T08:30:00Z");
}

TEST_CASE("a sidecar names its own segment alone") {
  CHECK(damage_with("number", 3) == "its sidecar: number: is 3, its name says '000002'");
  const std::string other = "its sidecar: file: is not '000002.jsonl', nor '000002.jsonl.zst'";
  CHECK(damage_with("file", "000001.jsonl") == other);
  CHECK(damage_with("file", "../000002.jsonl") == other);
  CHECK(damage_with("file", "/etc/passwd") == other);
  CHECK(damage_with("file", "") == other);
  CHECK(damage_with("file", "000002.jsonl") == "no damage");
}

TEST_CASE("how jobs are compressed does not matter to what they are") {
  Sidecar other = a_sidecar();
  other.file = "000002.jsonl";
  CHECK(other.same_content(a_sidecar()));
  other.end->version = 9;
  CHECK(!other.same_content(a_sidecar()));
}

}  // namespace
}  // namespace purgatory::archive

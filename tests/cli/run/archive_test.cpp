// archive list, verify and import.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

namespace json = boost::json;

/// A store whose archive "cold" has a segment of two jobs of "shop", purge "p", and one of a job of
/// "media", purge "q".
class ArchivedShop : public Sandbox {
 public:
  ArchivedShop() {
    write_archiving_config(*this);
    fill();
    out("record --project media --job-id late --error-code TIMEOUT");
    out("purge --project shop --yes --purge-id p --undo-window 0s");
    out("purge --project media --yes --purge-id q --undo-window 0s");
    out("trash empty --everything --confirm=everything");
  }

  [[nodiscard]] std::string segment(const std::string& of, const std::string& ending) const {
    return (*this / "cold" / of / ("000001" + ending)).string();
  }
  /// Changes a letter of a job, or makes the sidecar no JSON.
  void damage(const std::string& of, const std::string& ending) const {
    const std::string name = "cold/" + of + "/000001" + ending;
    std::string text = read(name);
    const std::size_t at = text.find("TIMEOUT");
    write(name, at == std::string::npos ? "no" : text.replace(at, 1, "X"));
  }
};

}  // namespace

TEST_CASE("archive list shows the segments of all archives, or of one") {
  const ArchivedShop box;
  const Result table = box.run("archive list");
  CHECK(table.code == 0);
  const auto lines = lines_of(table.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "ARCHIVE  PROJECT  PURGE ID  NUMBER  JOBS  BYTES  FILE");
  CHECK(lines[1].starts_with("cold     media    q              1     1  "));
  CHECK(lines[2].starts_with("cold     shop     p              1     2  "));
  CHECK(lines[2].ends_with("  " + box.segment("shop/p", ".jsonl")));
  CHECK(table.err == "Archive 'other' has no directory '" + (box / "other").string() +
                         "': nothing was written there yet.\n");
  const json::value rows = box.json("archive list --archive cold");
  CHECK(rows.at(1).at("archive") == "cold");
  CHECK(rows.at(1).at("purge_id") == "p");
  CHECK(rows.at(1).at("jobs") == 2);
  CHECK_FALSE(rows.at(1).as_object().contains("damage"));
  CHECK(box.json("archive list --archive other").as_array().empty());
}

TEST_CASE("archive list of a directory needs no configuration") {
  ArchivedShop box;
  box.unset("PURGATORY_CONFIG");
  const Result result = box.run("archive list --directory cold -o json");
  CHECK(result.code == 0);
  CHECK(result.err == "");
  CHECK(json::parse(result.out).as_array().size() == 2);
  const Result missing = box.run("archive verify --directory nowhere");
  CHECK(missing.code == 66);
  CHECK(missing.err == "purgatory: there is no directory 'nowhere'\n");
  const Result none = box.run("archive list");
  CHECK(none.code == 64);
  CHECK(none.err ==
        "purgatory: the configuration has no archives: name the directory of one by --directory\n");
}

TEST_CASE("archive wants the name of an archive that there is") {
  const ArchivedShop box;
  const Result result = box.run("archive list --archive warm");
  CHECK(result.code == 64);
  CHECK(result.err ==
        "purgatory: --archive: the configuration has no archive 'warm'; it has cold, other\n");
}

TEST_CASE("archive verify says that all is as it was written") {
  const ArchivedShop box;
  const Result both = box.run("archive verify --archive cold");
  CHECK(both.code == 0);
  CHECK(both.out == "");
  CHECK(both.err == "2 segments with 3 jobs are as they were written.\n");
  CHECK(box.run("archive verify --directory cold -o json").out == "[]\n");
  fs::remove_all(box / "cold/media");
  CHECK(box.run("archive verify --archive cold").err ==
        "1 segment with 2 jobs is as it was written.\n");
  fs::remove_all(box / "cold/shop");
  CHECK(box.run("archive verify --archive cold").err == "There is no segment.\n");
}

TEST_CASE("archive verify prints what is damaged, and exits with 65") {
  const ArchivedShop box;
  box.damage("shop/p", ".jsonl");
  const Result one = box.run("archive verify --archive cold");
  CHECK(one.code == 65);
  const auto lines = lines_of(one.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].starts_with(box.segment("shop/p", ".jsonl") + "  has the checksum "));
  CHECK(one.err == "purgatory: 1 of 2 segments is damaged: restore the files from a copy\n");
  box.damage("media/q", ".json");
  const Result two = box.run("archive verify --archive cold -o json");
  CHECK(two.code == 65);
  CHECK(two.err == "purgatory: 2 of 2 segments are damaged: restore the files from a copy\n");
  const json::value rows = json::parse(two.out);
  CHECK(rows.at(0).at("file").as_string() == box.segment("media/q", ".json"));
  CHECK(rows.at(0).at("damage").as_string().starts_with("its sidecar: is no JSON"));
  CHECK_FALSE(rows.at(0).as_object().contains("jobs"));
  CHECK(rows.at(1).at("purge_id") == "p");
  const auto listed = lines_of(box.out("archive list --archive cold"));
  CHECK(listed.at(0).ends_with("DAMAGE"));
  CHECK(listed.at(1).starts_with("cold     -        -              -     -      -  "));
}

TEST_CASE("archive import records what is archived, and doing it again is harmless") {
  const ArchivedShop box;
  CHECK(box.count() == 0);
  const Result first = box.run("archive import --archive cold");
  CHECK(first.code == 0);
  CHECK(first.out ==
        "READ  INSERTED  REPLACED  STALE  EVICTED\n"
        "   3         3         0      0        0\n");
  CHECK(first.err == "");
  CHECK(box.json("archive import --directory cold") ==
        json::parse(R"({"read":3,"inserted":0,"replaced":3,"stale":0,"evicted":0})"));
  CHECK(box.count() == 3);
  CHECK(box.json("get capture-1").at("failed_at") == "2026-11-03T00:00:00.000Z");
}

TEST_CASE("archive import takes one project or one purge") {
  const ArchivedShop box;
  CHECK(box.json("archive import --project shop").at("read") == 2);
  CHECK(box.count("--project media") == 0);
  CHECK(box.json("archive import --purge q").at("read") == 1);
  CHECK(box.json("archive import --purge q --project media").at("read") == 1);
  const Result crossed = box.run("archive import --purge q --project shop");
  CHECK(crossed.code == 1);
  CHECK(contains(crossed.err, "purgatory: there is no segment of purge 'q' of project 'shop'\n"));
  CHECK(contains(box.run("archive import --project nobody").err,
                 "purgatory: there is no segment of project 'nobody'\n"));
}

TEST_CASE("archive import ends at a segment that is damaged, behind those that are not") {
  const ArchivedShop box;
  box.damage("shop/p", ".jsonl");
  const Result result = box.run("archive import --archive cold");
  CHECK(result.code == 65);
  CHECK(result.out == "");
  CHECK(result.err.starts_with("purgatory: " + box.segment("shop/p", ".jsonl") +
                               ": has the checksum "));
  CHECK(result.err.ends_with(
      "; restore it from a copy; 1 job of other segments is recorded; importing them again is "
      "harmless\n"));
  CHECK(box.count() == 1);
}

TEST_CASE("archive import meets a sidecar that is damaged behind all others") {
  const ArchivedShop box;
  box.damage("media/q", ".json");
  const Result result = box.run("archive import --project shop --archive cold");
  CHECK(result.code == 65);
  CHECK(result.err.starts_with("purgatory: " + box.segment("media/q", ".json") +
                               ": its sidecar: is no JSON"));
  CHECK(box.count() == 2);
}

TEST_CASE("archive import says which segment has a job that is over a limit") {
  const ArchivedShop box;
  box.write("strict.yaml", box.read("purgatory.yaml") + "limits: { text: 3B }\n");
  const Result result = box.run("-c strict.yaml archive import --archive cold");
  INFO(result.err);
  CHECK(result.code == 65);
  CHECK(result.err.starts_with("purgatory: " + box.segment("media/q", ".jsonl") + ": "));
  CHECK(result.err.ends_with("; nothing is recorded\n"));
  CHECK(box.count() == 0);
}

}  // namespace purgatory::cli_run

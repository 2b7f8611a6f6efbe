// What anybody can do with an archive: list, verify, read; and each damage.

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "core/archive/checksum.hpp"
#include "core/archive/compression.hpp"
#include "core/archive/sidecar.hpp"
#include "purgatory/error.hpp"
#include "purgatory/json_lines.hpp"
#include "tests/archive/content.hpp"
#include "tests/contract/fixture.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace purgatory::archive {
namespace {

namespace fs = std::filesystem;
using archive_test::bytes_of;
using archive_test::put;
using contract::a_job;
using contract::error_of;

std::string lines_of(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    json_lines::append(text, a_job(contract::four_digits(i)).fields);
  }
  return text;
}

/// An archive of one purge that a test writes by hand.
class Shelf {
 public:
  Shelf() { fs::create_directories(purge()); }

  [[nodiscard]] fs::path root() const { return directory_.path(); }
  [[nodiscard]] fs::path purge() const { return root() / "shop" / "purge"; }

  [[nodiscard]] static Sidecar sidecar_of(std::string_view text, std::uint64_t jobs,
                                          bool zstd = true) {
    return {.project = "shop",
            .purge_id = "purge",
            .number = 1,
            .jobs = jobs,
            .bytes = text.size(),
            .checksum = checksum(text),
            .file = zstd ? "000001.jsonl.zst" : "000001.jsonl",
            .begin = {},
            .end = {}};
  }

  /// Writes a segment, with what its sidecar says of it, and returns it as listed.
  [[nodiscard]] Segment put_segment(std::string_view text, const Sidecar& sidecar) const {
    const bool zstd = sidecar.file.ends_with(".zst");
    put(purge() / sidecar.file, zstd ? compress(text) : std::string(text));
    put(purge() / "000001.json", to_json(sidecar));
    return the_segment();
  }

  [[nodiscard]] Segment the_segment() const {
    const std::vector<Segment> segments = list(root());
    REQUIRE(segments.size() == 1);
    return segments.front();
  }

 private:
  processes::TemporaryDirectory directory_;
};

TEST_CASE("a list has what sidecars say, by project, purge and number") {
  const Shelf shelf;
  const auto put_sidecar = [&](const std::string& project, const std::string& purge_id,
                               std::uint64_t number) {
    const fs::path directory = shelf.root() / project / purge_id;
    fs::create_directories(directory);
    Sidecar sidecar = Shelf::sidecar_of("", 0);
    sidecar.project = project;
    sidecar.purge_id = purge_id;
    sidecar.number = number;
    const std::string name = fmt::format("{:06}", number);
    sidecar.file = name + ".jsonl.zst";
    put(directory / (name + ".json"), to_json(sidecar));
  };
  put_sidecar("shop", "p2", 1);
  put_sidecar("shop", "p1", 1'000'000);
  put_sidecar("shop", "p1", 20);
  put_sidecar("depot", "p9", 3);
  put(shelf.root() / "README", "no directory");
  put(shelf.root() / "shop" / "p1" / ".000021.json.1-0000000000000000.tmp", "half");
  put(shelf.root() / "shop" / "p1" / ".000022.json", "hidden");
  put(shelf.root() / "shop" / "p1" / "000023.jsonl.zst", "without a sidecar");

  std::vector<std::string> seen;
  for (const Segment& segment : list(shelf.root())) {
    CHECK(segment.damage.empty());
    seen.push_back(fmt::format("{}/{}/{}", segment.project, segment.purge_id, segment.number));
  }
  CHECK(seen ==
        std::vector<std::string>{"depot/p9/3", "shop/p1/20", "shop/p1/1000000", "shop/p2/1"});
}

TEST_CASE("what is not named as an archive names is no matter to a list") {
  const Shelf shelf;
  const Segment segment = shelf.put_segment(lines_of(1), Shelf::sidecar_of(lines_of(1), 1));
  for (const fs::path& place : {shelf.root(), shelf.root() / "shop"}) {
    fs::create_symlink("lost+found", place / "lost+found");  // who looks into it cannot
    fs::create_symlink(".snapshots", place / ".snapshots");
    fs::create_directories(place / "a b" / "purge");
    fs::copy(shelf.purge() / "000001.json", place / "a b");
    fs::copy(shelf.purge() / "000001.json", place / "a b" / "purge");
  }
  CHECK(shelf.the_segment().damage.empty());
}

TEST_CASE("a directory that cannot be read is damage, and the rest is listed") {
  const Shelf shelf;
  const Segment segment = shelf.put_segment(lines_of(1), Shelf::sidecar_of(lines_of(1), 1));
  const std::vector<fs::path> unreadable{shelf.root() / "depot", shelf.root() / "shop" / "p~1"};
  for (const fs::path& path : unreadable) fs::create_symlink(path.filename(), path);
  const std::vector<Segment> segments = list(shelf.root());
  REQUIRE(segments.size() == 3);
  for (std::size_t i = 0; i < unreadable.size(); ++i) {
    CHECK(segments[i].file == unreadable[i]);
    CHECK(segments[i].damage == "cannot be read: Too many levels of symbolic links");
    CHECK(verify(segments[i]) == segments[i].damage);
  }
  CHECK(segments[2].damage.empty());
}

TEST_CASE("an archive that is not there cannot be listed") {
  const Shelf shelf;
  const std::string absent = shelf.root() / "absent";
  CHECK(error_of([&] { static_cast<void>(list(absent)); }) ==
        "not_found: archive: '" + absent + "' cannot be read: No such file or directory");
  put(absent, "a file");
  CHECK(error_of([&] { static_cast<void>(list(absent)); }) ==
        "unavailable: archive: '" + absent + "' cannot be read: Not a directory");
  CHECK(list(shelf.root()).empty());
}

TEST_CASE("a segment is read once all of it was verified") {
  const Shelf shelf;
  const std::string text = lines_of(3);
  for (const bool zstd : {true, false}) {
    const Segment segment = shelf.put_segment(text, Shelf::sidecar_of(text, 3, zstd));
    CHECK(segment.file == shelf.purge() / (zstd ? "000001.jsonl.zst" : "000001.jsonl"));
    CHECK(segment.jobs == 3);
    CHECK(segment.bytes == text.size());
    CHECK(verify(segment).empty());
    std::vector<FailedJob> jobs;
    read(segment, [&](const FailedJob& job) { jobs.push_back(job); });
    REQUIRE(jobs.size() == 3);
    CHECK(jobs[2] == a_job("0002").fields);
  }
}

TEST_CASE("what a visitor throws passes") {
  const Shelf shelf;
  const Segment segment = shelf.put_segment(lines_of(1), Shelf::sidecar_of(lines_of(1), 1));
  CHECK_THROWS_AS(read(segment, [](const FailedJob&) { throw 5; }), int);
}

TEST_CASE("a damaged segment is not read, and the way out is said") {
  const Shelf shelf;
  const Segment segment = shelf.put_segment(lines_of(2), Shelf::sidecar_of(lines_of(2), 3));
  CHECK(verify(segment) == "has 2 jobs, its sidecar says 3");
  int visits = 0;
  CHECK(error_of([&] { read(segment, [&](const FailedJob&) { ++visits; }); }) ==
        "corrupt: " + segment.file.native() +
            ": has 2 jobs, its sidecar says 3; restore it from a copy");
  CHECK(visits == 0);
}

TEST_CASE("a segment that is not there, or too large, says so") {
  const Shelf shelf;
  const std::string text = lines_of(1);
  const Segment segment = shelf.put_segment(text, Shelf::sidecar_of(text, 1));
  fs::remove(segment.file);
  CHECK(verify(segment) == "is not there");
  put(segment.file, std::string(100'000, 'x'));
  CHECK(verify(segment) ==
        fmt::format("has 100000 bytes, at most {} can be right", compressed_bound(text.size())));
}

TEST_CASE("a segment of another length or content than its sidecar says is damaged") {
  const Shelf shelf;
  const std::string text = lines_of(2);
  const std::string cut = text.substr(0, text.size() - 1);
  for (const bool zstd : {true, false}) {
    CHECK(verify(shelf.put_segment(cut, Shelf::sidecar_of(text, 2, zstd))) ==
          fmt::format("has {} bytes of text, its sidecar says {}", cut.size(), text.size()));
    std::string other = text;
    other.back() = ' ';
    CHECK(verify(shelf.put_segment(other, Shelf::sidecar_of(text, 2, zstd))) ==
          fmt::format("has the checksum {}, its sidecar says {}", checksum(other), checksum(text)));
  }
}

TEST_CASE("a segment that zstd refuses is damaged") {
  const Shelf shelf;
  const std::string text = lines_of(2);
  const Segment segment = shelf.put_segment(text, Shelf::sidecar_of(text, 2));
  const std::string whole = bytes_of(segment.file);
  put(segment.file, whole.substr(0, whole.size() / 2));
  CHECK(verify(segment) == "cannot be decompressed: Src size is incorrect");
  put(segment.file, "");
  CHECK(verify(segment) == fmt::format("has 0 bytes of text, its sidecar says {}", text.size()));
}

TEST_CASE("a line that is no job is damage, and named") {
  const Shelf shelf;
  const std::string text = lines_of(2) + "{}\n";
  CHECK(verify(shelf.put_segment(text, Shelf::sidecar_of(text, 3))) ==
        "line 3: project_id: is missing");
}

TEST_CASE("a segment whose sidecar is damaged has its damage alone") {
  const Shelf shelf;
  put(shelf.purge() / "000001.json", "{}");
  const Segment segment = shelf.the_segment();
  CHECK(segment.file == shelf.purge() / "000001.json");
  CHECK(segment.damage == "its sidecar: form: is missing");
  CHECK(segment.jobs == 0);
  CHECK(verify(segment) == segment.damage);
  CHECK(error_of([&] { read(segment, [](const FailedJob&) {}); }) ==
        "corrupt: " + segment.file.native() +
            ": its sidecar: form: is missing; restore it from a copy");
}

TEST_CASE("a sidecar that cannot be read is damage") {
  const Shelf shelf;
  const std::string text = lines_of(1);
  const Segment segment = shelf.put_segment(text, Shelf::sidecar_of(text, 1));
  put(shelf.purge() / "000001.json", std::string(65'537, ' '));
  CHECK(shelf.the_segment().damage == "its sidecar has 65537 bytes, at most 65536 can be right");
  fs::remove(shelf.purge() / "000001.json");
  CHECK(verify(segment) == "its sidecar is not there");
}

TEST_CASE("a sidecar is of one segment alone") {
  const Shelf shelf;
  const std::string text = lines_of(1);
  Segment segment = shelf.put_segment(text, Shelf::sidecar_of(text, 1));
  segment.file = shelf.purge() / "000001.jsonl";
  CHECK(verify(segment) == "its sidecar is of '000001.jsonl.zst'");
}

}  // namespace
}  // namespace purgatory::archive

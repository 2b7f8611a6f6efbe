// Words of a command line that are wrong, or empty.

#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

TEST_CASE("an empty value, as of a variable that is not set, never makes a command do more") {
  const Sandbox box;
  box.fill();
  box.out("purge --project media --yes --purge-id p");
  for (const std::string line : {
           "purge '' --project shop --yes",
           "purge --project '' --yes --confirm=everything",
           "purge --project shop --group '' --yes",
           "purge --project shop --before '' --yes",
           "purge --project shop --since '' --yes",
           "purge --project shop --held '' --yes",
           "purge --project shop --resolved '' --yes",
           "purge --project shop --undo-window '' --yes",
           "purge --project shop --purge-id '' --yes",
           "purge --project shop --yes --load ''",
           "purge --project shop --yes -c ''",
           "purge --project shop --yes --now ''",
           "forget '' --yes",
           "forget weekly --if-version '' --yes",
           "forget weekly --project '' --yes",
           "restore p --project ''",
           "restore ''",
           "trash empty '' --project media --yes",
           "trash empty --project '' --yes --confirm=everything",
           "list --limit ''",
           "run-due --time-budget ''",
           "policy activate --actor ''",
           "apply '' --yes",
           "apply plan.json --yes --purge-id ''",
           "apply plan.json --yes --undo-window ''",
           "hold '' --reason why",
           "hold weekly --reason ''",
           "hold weekly --reason why --until ''",
           "hold weekly --reason why --actor ''",
           "release ''",
           "release weekly --actor ''",
           "resolve ''",
           "resolve --project shop --resource ''",
           "archive list --archive ''",
           "archive verify --directory ''",
           "archive import --project ''",
           "archive import --purge ''",
           "explain ''",
           "explain weekly --project ''",
           "journal --limit ''",
           "record --project shop --job-id j --failed-at ''",
           "record --project shop --job-id j --payload-file ''",
           "import ''",
           "store backup ''",
           "plugins verify ''",
           "token create --project shop --role reader --file ''",
           "token create --project shop --role reader --file tokens --expires ''",
           "token create --project shop --role reader --file tokens --name ''",
       }) {
    const Result result = box.run(line);
    INFO(line);
    INFO(result.err);
    CHECK(result.code == 64);
    CHECK(result.out == "");
  }
  CHECK(box.count() == 5);
  CHECK(box.count("--project media") == 0);
  CHECK_FALSE(fs::exists(box / "tokens"));
}

TEST_CASE("an empty text is a text where one may be empty") {
  const Sandbox box;
  box.fill();
  CHECK(box.count("--resource-id ''") == 5);
  CHECK(box.out("record --project shop --group '' --job-id level -o json") ==
        box.out("record --project shop --job-id level-2 -o json"));
  CHECK(box.count("--project shop --project-level") == 4);
}

TEST_CASE("a slip is told with what may have been meant, and where to read more") {
  const Sandbox box;
  const auto said = [&](const std::string& line) {
    const Result result = box.run(line);
    CHECK(result.code == 64);
    CHECK(result.out == "");
    return result.err;
  };
  CHECK(said("pruge") ==
        "purgatory: unknown command 'pruge' of 'purgatory'; did you mean 'purge'? See purgatory "
        "--help\n");
  CHECK(said("list --porject shop") ==
        "purgatory: unknown option '--porject' of 'purgatory list'; did you mean '--project'? See "
        "purgatory list --help\n");
  CHECK(said("trash lsit") ==
        "purgatory: unknown command 'lsit' of 'purgatory trash'; did you mean 'list'? See "
        "purgatory trash --help\n");
  CHECK(said("paln") ==
        "purgatory: unknown command 'paln' of 'purgatory'; did you mean 'plan'? See purgatory "
        "--help\n");
  CHECK(said("archive verfy") ==
        "purgatory: unknown command 'verfy' of 'purgatory archive'; did you mean 'verify'? See "
        "purgatory archive --help\n");
  CHECK(said("hold weekly --raeson x") ==
        "purgatory: unknown option '--raeson' of 'purgatory hold'; did you mean '--reason'? See "
        "purgatory hold --help\n");
  CHECK(said("hold weekly") == "purgatory: --reason is required; see purgatory hold --help\n");
  CHECK(said("apply --yes") == "purgatory: FILE is required; see purgatory apply --help\n");
  CHECK(said("resolve weekly --resource d-1 --project shop") ==
        "purgatory: ID excludes --resource; see purgatory resolve --help\n");
  CHECK(said("resolve --resource d-1") ==
        "purgatory: --resource requires --project; see purgatory resolve --help\n");
  CHECK(said("archive list --archive a --directory b") ==
        "purgatory: --archive excludes --directory; see purgatory archive list --help\n");
  CHECK(said("archive") == "purgatory: a command is required; see purgatory archive --help\n");
  CHECK(said("list -o xml") ==
        "purgatory: --output: xml not in {table,json,jsonl}; see purgatory list --help\n");
  CHECK(said("get") == "purgatory: ID is required; see purgatory get --help\n");
  CHECK(said("") == "purgatory: a command is required; see purgatory --help\n");
  CHECK(said("store") == "purgatory: a command is required; see purgatory store --help\n");
  CHECK(said("get --group g weekly") ==
        "purgatory: --group requires --project; see purgatory get --help\n");
}

TEST_CASE("a command line has one command") {
  const Sandbox box;
  box.fill();
  CHECK(box.run("count list").code == 64);
  CHECK(box.run("list purge --project shop --yes").code == 64);
  CHECK(box.count() == 6);
}

}  // namespace purgatory::cli_run

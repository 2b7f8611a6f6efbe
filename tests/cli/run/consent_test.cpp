// What a person is asked before something goes that cannot be had back, or much of it.

#include <catch2/catch.hpp>

#include "tests/cli/run/terminal.hpp"

namespace purgatory::cli_run {
namespace {

constexpr std::string_view kYesOrNo = "[y/N] ";

/// What the program shows until it has asked, and what becomes of it with that answer.
Result answered(const Sandbox& box, const Words& words, std::string_view question,
                std::string_view answer) {
  Terminal terminal(box, words);
  terminal.wait_for(question);
  terminal.type(answer);
  return terminal.finish();
}

}  // namespace

TEST_CASE("at a terminal a purge shows count and scope, and asks") {
  const Sandbox box;
  box.fill();
  const Result done = answered(box, "purge --project shop --group payments --purge-id p",
                               "This would purge 3 jobs of group 'payments' of project 'shop'. Go "
                               "on? [y/N] ",
                               "y\n");
  CHECK(done.code == 0);
  CHECK(contains(done.out, "PURGE ID"));
  CHECK(contains(done.out, "To undo: purgatory restore p\n"));
  CHECK(box.count() == 3);
}

TEST_CASE("each command that takes something away shows what it is, and asks") {
  const Sandbox box;
  box.fill();
  box.out("purge --project media --yes --purge-id p");
  const auto ask = [&](const std::string& line, const std::string& question) {
    INFO(line);
    const Result result = answered(box, line, question, "n\n");
    CHECK(result.code == 130);
    CHECK(contains(result.out, "nothing was done\n"));
  };
  ask("purge weekly", "This would purge job 'weekly' of the project level of project 'shop'. Go");
  ask("purge --project shop --project-level",
      "purge 2 jobs of the project level of project 'shop'");
  ask("purge --project shop", "This would purge 5 jobs of project 'shop'. Go on? [y/N] ");
  ask("purge --project shop --error-code TIMEOUT", "This would purge 2 jobs of project 'shop'.");
  ask("forget weekly",
      "This would forget job 'weekly' of the project level of project 'shop', for good. Go on?");
  ask("trash empty p", "This would free 1 job in the trash of purge 'p', for good. Go on?");
  ask("trash empty --project media",
      "This would free 1 job in the trash of project 'media', for good. Go on? [y/N] ");
  CHECK(box.count() == 5);
  CHECK(box.json("restore p").at("restored") == 1);
}

TEST_CASE("only y, Y and yes are consent") {
  const Sandbox box;
  const auto code_for = [&](std::string_view answer) {
    box.fill();
    return answered(box, "purge --project shop", kYesOrNo, answer).code;
  };
  for (const std::string_view answer : {"y\n", "Y\n", "yes\n"}) CHECK(code_for(answer) == 0);
  for (const std::string_view answer : {"\n", "n\n", "no\n", "yep\n", "everything\n"}) {
    INFO(answer);
    CHECK(code_for(answer) == 130);
    CHECK(box.count("--project shop") == 5);
  }
  CHECK(code_for(kControlD) == 130);
  CHECK(code_for("y\x04\x04") == 130);  // the answer ends before its line
  CHECK(box.count("--project shop") == 5);
}

TEST_CASE("everything wants the word, at a terminal") {
  const Sandbox box;
  box.fill();
  constexpr std::string_view kQuestion =
      "This would purge 6 jobs of all projects. Type 'everything' to do it: ";
  CHECK(answered(box, "purge --everything --yes", kQuestion, "yes\n").code == 130);
  CHECK(box.count() == 6);
  CHECK(answered(box, "purge --everything", kQuestion, "everything\n").code == 0);
  CHECK(box.count() == 0);
  CHECK(answered(box, "trash empty --everything",
                 "This would free 6 jobs in the trash of all projects, for good. Type 'everything' "
                 "to do it: ",
                 "everything\n")
            .code == 0);
  CHECK(box.json("trash list").as_array().empty());
}

TEST_CASE("at a terminal nothing is asked of somebody who has said yes") {
  const Sandbox box;
  box.fill();
  CHECK_FALSE(contains(Terminal(box, "purge --project shop --yes").finish().out, "This would"));
  CHECK_FALSE(contains(Terminal(box, "purge --everything --confirm=everything").finish().out,
                       "This would"));
  CHECK(box.count() == 0);
}

TEST_CASE("off a terminal nobody is asked: consent is in the command line, or missing") {
  const Sandbox box;
  box.fill();
  box.out("purge --project media --yes --purge-id p");
  const auto refused = [&](const std::string& line, const std::string& what) {
    INFO(line);
    const Result result = box.run(line, "y\n");
    CHECK(result.code == 64);
    CHECK(result.out == "");
    CHECK(result.err == "purgatory: nobody can be asked whether to " + what + "\n");
  };
  refused("purge weekly", "purge job 'weekly' of the project level of project 'shop': say --yes");
  refused("purge --project shop", "purge 5 jobs of project 'shop': say --yes");
  refused("purge --project shop --confirm=everything", "purge 5 jobs of project 'shop': say --yes");
  refused("purge --everything", "purge 5 jobs of all projects: say --confirm=everything");
  refused("purge --everything --yes", "purge 5 jobs of all projects: say --confirm=everything");
  refused("forget weekly",
          "forget job 'weekly' of the project level of project 'shop', for good: say --yes");
  refused("trash empty p", "free 1 job in the trash of purge 'p', for good: say --yes");
  refused("trash empty --everything --yes",
          "free 1 job in the trash of all projects, for good: say --confirm=everything");
  box.write("shop.json", box.out("purge --project shop --dry-run -o json"));
  box.write("all.json", box.out("purge --everything --dry-run -o json"));
  refused("apply shop.json", "purge 5 jobs of project 'shop': say --yes");
  refused("apply all.json --yes", "purge 5 jobs of all projects: say --confirm=everything");
  box.write("due.json", box.out("plan -o json"));
  refused("apply due.json", "purge 0 jobs of all projects that the policy lets go: say --yes");
  CHECK(box.run("purge --everything --confirm=all").code == 64);
  CHECK(box.count() == 5);
  CHECK(box.json("restore p").at("restored") == 1);
}

TEST_CASE("somebody who only sees the answer elsewhere is not asked") {
  const Sandbox box;
  box.fill();
  const File answers = file_of("y\n");
  const Result result =
      Terminal(box, "purge --project shop", {.in = answers.number(), .out = -1}).finish();
  CHECK(result.code == 64);
  CHECK(box.count() == 6);
}

}  // namespace purgatory::cli_run

// What the help of each command leads with works as it stands there.

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <iostream>

#include "apps/purgatory/pages/command_tree.hpp"
#include "apps/purgatory/program.hpp"
#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

/// Calls it with each command, the program itself too.
template <typename Visit>
void visit_commands(const CLI::App& command, Visit visit) {
  visit(command);
  for (const CLI::App* below : cli::pages::commands_of(command)) visit_commands(*below, visit);
}

/// The program's commands, as it has them.
class Tree {
 public:
  Tree() { cli::build(program_, context_); }
  [[nodiscard]] const CLI::App& program() const noexcept { return program_; }

 private:
  CLI::App program_;
  cli::Context context_;
};

/// A user's own store with the example data and a purge, and the files that examples name.
void prepare_examples(Sandbox& box) {
  box.unset("PURGATORY_CONFIG");
  for (const char* file : {"sdrs-failures.jsonl", "queue-failures.jsonl"}) {
    box.out("import " PURGATORY_EXAMPLE_DATA "/" + std::string(file));
  }
  box.out(
      "purge --project 151ae673a73f4dcfac16bafb0ac8f197 --error-code SDRS.1923 --yes "
      "--purge-id nightly-cleanup");
  box.write("failures.jsonl", small_store());
  box.out("record --project search --job-id settled-by-hand");
  box.out("hold settled-by-hand --reason 'ticket 4711'");
  box.write("plan.json", box.out("purge --project media --dry-run -o json"));
  fs::create_directory(box / "archive");
  box.write("other.yaml", "version: 1\nrepository: { backend: file, file: { path: other.db } }\n");
  if (fs::exists(PURGATORY_FILE_PLUGIN)) {
    fs::copy(PURGATORY_FILE_PLUGIN, box / "purgatory_file.so");
  }
}

Result run_by_shell(const Sandbox& box, const std::string& line) {
  const File in = file_of("");
  const File out = file_of("");
  const File err = file_of("");
  const bool serves = line.ends_with(" serve");
  Start start = box.start({"-c", serves ? "exec " + line : line});
  start.in = in.number();
  start.out = out.number();
  start.err = err.number();
  Process process("/bin/sh", start);
  if (serves) {
    wait_until("the server listens", [&err] { return contains(content_of(err), "listening"); });
    process.signal(SIGTERM);
  }
  const int code = process.wait();
  return {code, content_of(out), content_of(err)};
}

bool can_run(const std::string& example) {
  if (!contains(example, "purgatory_file.so") || fs::exists(PURGATORY_FILE_PLUGIN)) return true;
  std::cout << "not run: " << example << ": the backend is built in\n";
  return false;
}

}  // namespace

TEST_CASE("the help of each command leads with two examples of it") {
  const Sandbox box;
  const Tree tree;
  visit_commands(tree.program(), [&](const CLI::App& command) {
    const std::string path = cli::pages::path_of(command);
    INFO(path);
    const std::string help = box.out(path.substr(path.find(' ') + 1) + " --help");
    const auto examples = cli::pages::examples_of(command);
    REQUIRE(examples.size() == 2);
    const auto lines = lines_of(help);
    const auto head = std::ranges::find(lines, "Examples:");
    REQUIRE(lines.end() - head > 4);
    CHECK(head - lines.begin() <= 3);  // behind what it does
    for (std::size_t i = 0; i < examples.size(); ++i) {
      CHECK(*(head + 1 + static_cast<std::ptrdiff_t>(i)) == "  " + examples[i]);
      CHECK(contains(examples[i], path.substr(path.rfind(' ') + 1)));
      CHECK(examples[i].size() <= 100);
    }
  });
}

TEST_CASE("each example of the help works") {
  Sandbox box;
  prepare_examples(box);
  box.write("purgatory.yaml",
            "version: 1\nrepository: { backend: file, file: { path: "
            "state/purgatory/failed-jobs.db } }\n"
            "retention: { archives: { cold: { directory: archive } } }\n"
            "server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0',\n"
            "          auth: { mode: tokens, tokens: { file: tokens } } }\n");
  box.write("tokens", "");
  const Tree tree;
  visit_commands(tree.program(), [&](const CLI::App& command) {
    for (const std::string& example : cli::pages::examples_of(command)) {
      if (!can_run(example)) continue;
      Sandbox fresh;
      fresh.unset("PURGATORY_CONFIG");
      fs::copy(box.path(), fresh.path(),
               fs::copy_options::recursive | fs::copy_options::overwrite_existing);
      const Result result = run_by_shell(fresh, example);
      INFO(example);
      INFO(result.err);
      CHECK(result.code == 0);
    }
  });
}

}  // namespace purgatory::cli_run

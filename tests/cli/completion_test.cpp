#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <vector>

#include "apps/purgatory/pages/completion.hpp"
#include "tests/cli/process.hpp"
#include "tests/cli/sample_program.hpp"

namespace purgatory::cli_test {
namespace {

using Words = std::vector<std::string>;

/// A shell that completes by a script, in a directory where the only visible file is
/// failures.jsonl.
class Shell {
 public:
  Shell(std::string name, const std::string& script) : name_(std::move(name)) {
    (void)write(directory_, "failures.jsonl", "");
    script_ = write(directory_, ".script", script);
  }

  /// What it offers at the end of a line, sorted; of --option=value the value.
  [[nodiscard]] Words offers(const std::string& line) const {
    UNSCOPED_INFO(name_);
    const std::string start = name_ == "zsh"    ? "zsh -f"
                              : name_ == "fish" ? "fish --no-config"
                                                : name_;
    std::istringstream output(output_of("cd " + quoted(directory_.path()) + " && HOME=$PWD " +
                                        start + " " PURGATORY_SHELLS "/complete." + name_ + " " +
                                        quoted(script_) + " " + quoted(line)));
    Words words;
    for (std::string word; std::getline(output, word);) {
      words.push_back(word.starts_with("--") ? word.substr(word.find('=') + 1) : word);
    }
    std::ranges::sort(words);
    return words;
  }

 private:
  std::string name_;
  TemporaryDirectory directory_;
  std::filesystem::path script_;
};

/// A test that calls it runs once with each shell.
Shell each_shell_with_sample() {
  using Write = std::string (*)(const CLI::App&);
  const auto [name, write] = GENERATE(table<std::string, Write>({
      {"bash", cli::pages::bash_completion},
      {"fish", cli::pages::fish_completion},
      {"zsh", cli::pages::zsh_completion},
  }));
  return Shell(name, write(*sample_program()));
}

}  // namespace

TEST_CASE("shells complete commands, but none that is hidden") {
  const Shell shell = each_shell_with_sample();
  CHECK(shell.offers("purgatory ") == Words{"import", "purge", "trash"});
  CHECK(shell.offers("purgatory pu") == Words{"purge"});
}

TEST_CASE("shells complete commands below another") {
  const Shell shell = each_shell_with_sample();
  CHECK(shell.offers("purgatory trash ") == Words{"empty", "list"});
  CHECK(shell.offers("purgatory trash l") == Words{"list"});
}

TEST_CASE("shells see commands behind options and their values") {
  const Shell shell = each_shell_with_sample();
  CHECK(shell.offers("purgatory -o json pu") == Words{"purge"});
  CHECK(shell.offers("purgatory --output=json --now 7d trash -c x ") == Words{"empty", "list"});
  CHECK(shell.offers("purgatory --config purge trash ") == Words{"empty", "list"});
}

TEST_CASE("shells complete a command's own options and the global ones, but none that is hidden") {
  const Shell shell = each_shell_with_sample();
  CHECK(shell.offers("purgatory purge --") == Words{"--config", "--dry-run", "--group", "--help",
                                                    "--now", "--output", "--project", "--reason"});
  CHECK(shell.offers("purgatory --") ==
        Words{"--config", "--help", "--now", "--output", "--version"});
  CHECK(shell.offers("purgatory --now 7d trash --now 7d free --") ==
        Words{"--config", "--help", "--now", "--output"});
}

TEST_CASE("shells complete the words that an option takes") {
  const Shell shell = each_shell_with_sample();
  CHECK(shell.offers("purgatory -o ") == Words{"json", "jsonl", "table"});
  CHECK(shell.offers("purgatory purge --output j") == Words{"json", "jsonl"});
  CHECK(shell.offers("purgatory purge --output=j") == Words{"json", "jsonl"});
}

TEST_CASE("shells complete files, where an option or an argument is one") {
  const Shell shell = each_shell_with_sample();
  CHECK(shell.offers("purgatory import fai") == Words{"failures.jsonl"});
  CHECK(shell.offers("purgatory trash list --config fai") == Words{"failures.jsonl"});
  CHECK(shell.offers("purgatory --now ") == Words{});
}

TEST_CASE("shells complete the program as it is built") {
  const auto [name, file] = GENERATE(table<std::string, std::string>({
      {"bash", "bash-completion/completions/purgatory"},
      {"fish", "fish/vendor_completions.d/purgatory.fish"},
      {"zsh", "zsh/site-functions/_purgatory"},
  }));
  const Shell shell(name, text_of(std::filesystem::path(PURGATORY_SHARE) / file));
  CHECK(shell.offers("purgatory --load fai") == Words{"failures.jsonl"});
  CHECK(shell.offers("purgatory -o json store -c x ") ==
        Words{"backup", "check", "compact", "stats"});
  CHECK(shell.offers("purgatory completion ") == Words{"bash", "fish", "zsh"});
  CHECK(shell.offers("purgatory list -o ") == Words{"json", "jsonl", "table"});
  CHECK(shell.offers("purgatory purge --held ") == Words{"no", "yes"});
}

}  // namespace purgatory::cli_test

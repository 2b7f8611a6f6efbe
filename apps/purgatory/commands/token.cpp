// token: who may call the server, purgatoryd.

#include <fmt/format.h>

#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/text.hpp"
#include "apps/tokens/file.hpp"

namespace purgatory::cli {
namespace {

struct TokenArguments {
  std::vector<std::string> projects;
  std::string role;
  std::string file;
  std::string expires;
  std::string name;
};

void create_token(const Context& context, const TokenArguments& arguments) {
  const std::string token = tokens::new_token();
  tokens::Entry entry{.hash = tokens::hash_of(token)};
  const auto set = [&entry](std::string_view field, std::string_view value) {
    if (const auto mistake = tokens::set(entry, field, value)) {
      throw Failure(ExitCode::usage, fmt::format("--{}: {}", field, *mistake));
    }
  };
  for (const std::string& project : arguments.projects) set("project", project);
  set("role", arguments.role);
  set("name", arguments.name.empty() ? tokens::default_name(entry.hash) : arguments.name);
  if (!arguments.expires.empty()) {
    entry.expires = parse_deadline("--expires", arguments.expires, context.now());
  }
  tokens::append(arguments.file, entry);
  print(token + '\n');
  flush();
  context.say(fmt::format("{} has its hash as '{}'. This is the only time that the token is shown.",
                          arguments.file, entry.identity.name));
}

}  // namespace

void add_token(CLI::App& program, Context& context) {
  CLI::App& token = add_command(
      program, "token", "Makes tokens for clients of the server, purgatoryd.",
      {"purgatory token create --project media --role operator --file tokens",
       "purgatory token create --project media --project web --role reader --file tokens"});
  token.require_subcommand(1);
  CLI::App& create = add_command(
      token, "create", "Prints a new token, and adds its hash to the file of the server.",
      {"purgatory token create --project media --role operator --file tokens",
       "purgatory token create --project media --role reader --file tokens --expires 90d --name "
       "ann"});
  const auto arguments = std::make_shared<TokenArguments>();
  create.add_option("--project", arguments->projects, "What it may see; '*' is every project.")
      ->type_name("P")
      ->expected(1)
      ->take_all()
      ->required();
  create.add_option("--role", arguments->role, "A reader lists, an operator deletes, too.")
      ->check(CLI::IsMember({"operator", "reader"}))
      ->required();
  create.add_option("--file", arguments->file, "The server's tokens; made if it is not there.")
      ->type_name("FILE")
      ->check(not_empty())
      ->required();
  create.add_option("--expires", arguments->expires, "When it ends, or in how long; else never.")
      ->type_name("TIME")
      ->check(not_empty());
  create.add_option("--name", arguments->name, "Who deletes by it, for the journal.")
      ->type_name("TEXT")
      ->check(not_empty());
  create.callback([arguments, &context] { create_token(context, *arguments); });
}

}  // namespace purgatory::cli

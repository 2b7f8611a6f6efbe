// config and plugins: what the program runs with.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

void print_plugins(Context& context, const std::vector<PluginInfo>& plugins) {
  Rows rows(context.options.format, {{"name"}, {"version"}, {"compiler"}, {"file"}, {"refused"}});
  for (const PluginInfo& plugin : plugins) {
    rows.add({{"name", json_text(plugin.name)},
              {"version", json_text(plugin.version)},
              {"compiler", json_text(plugin.compiler)},
              {"file", plugin.file.empty() ? "built in" : json_text(plugin.file)},
              {"refused", json_text(plugin.refused)}});
  }
  rows.finish();
}

}  // namespace

void add_config(CLI::App& program, Context& context) {
  CLI::App& config =
      add_command(program, "config", "Looks at the configuration.",
                  {"purgatory -c purgatory.yaml config check", "purgatory config show"});
  config.require_subcommand(1);
  const auto connect = std::make_shared<bool>(false);
  CLI::App& check = add_command(
      config, "check",
      "Reports each mistake and warning with line and column; exits with 78 if there is a mistake.",
      {"purgatory -c purgatory.yaml config check",
       "purgatory -c purgatory.yaml config check --connect"});
  check.add_flag("--connect", *connect, "Also opens the store, which makes one that is not there.");
  check.callback([connect, &context] {
    (void)context.config().to_yaml();  // asks the backend's table, too
    for (const std::string& warning : context.config().warnings) context.say(warning);
    if (*connect) (void)context.jobs().projects();
    context.say(*connect ? "The configuration is fine, and the store opens."
                         : "The configuration is fine.");
  });
  add_command(config, "show", "Prints the configuration in force, defaults included, secrets not.",
              {"purgatory config show", "purgatory -c purgatory.yaml config show"})
      .callback([&context] {
        print(context.config().to_yaml());
        flush();
      });
}

void add_plugins(CLI::App& program, Context& context) {
  CLI::App& plugins =
      add_command(program, "plugins", "Looks at the backends that there are.",
                  {"purgatory plugins list", "purgatory plugins verify ./purgatory_file.so"});
  plugins.require_subcommand(1);
  add_command(plugins, "list", "Lists all backends, and why one is refused.",
              {"purgatory plugins list", "purgatory plugins list -o json"})
      .callback([&context] { print_plugins(context, list_plugins(context.config().plugins)); });
  CLI::App& verify = add_command(
      plugins, "verify", "Loads one plugin's file as open would; exits with 78 if refused.",
      {"purgatory plugins verify ./purgatory_file.so",
       "purgatory -c purgatory.yaml plugins verify purgatory_file.so -o json"});
  const auto file = std::make_shared<std::string>();
  verify.add_option("FILE", *file, "The plugin, purgatory_<name>.so.")
      ->type_name("FILE")
      ->check(not_empty())
      ->required();
  verify.callback([file, &context] {
    print_plugins(context, {verify_plugin(*file, context.config().plugins)});
  });
}

}  // namespace purgatory::cli

#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

#include "apps/purgatory/context.hpp"

/// The commands, each added to the program by its function. A file has those of one subject.
namespace purgatory::cli {

void add_record(CLI::App& program, Context& context);
void add_import(CLI::App& program, Context& context);
void add_export(CLI::App& program, Context& context);
void add_list(CLI::App& program, Context& context);
void add_get(CLI::App& program, Context& context);
void add_count(CLI::App& program, Context& context);
void add_forget(CLI::App& program, Context& context);
void add_purge(CLI::App& program, Context& context);
void add_plan(CLI::App& program, Context& context);
void add_apply(CLI::App& program, Context& context);
void add_restore(CLI::App& program, Context& context);
void add_trash(CLI::App& program, Context& context);
void add_journal(CLI::App& program, Context& context);
void add_policy(CLI::App& program, Context& context);
void add_run_due(CLI::App& program, Context& context);
void add_explain(CLI::App& program, Context& context);
void add_hold(CLI::App& program, Context& context);
void add_release(CLI::App& program, Context& context);
void add_resolve(CLI::App& program, Context& context);
void add_archive(CLI::App& program, Context& context);
void add_store(CLI::App& program, Context& context);
void add_config(CLI::App& program, Context& context);
void add_plugins(CLI::App& program, Context& context);
void add_serve(CLI::App& program, Context& context);
void add_token(CLI::App& program, Context& context);
void add_completion(CLI::App& program);
void add_manual(CLI::App& program);

/// Adds a command. Its help leads with the examples; global options may stand behind it.
CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& description,
                      std::initializer_list<std::string_view> examples);

/// "<hash>, since <when>, by <whom>"
[[nodiscard]] std::string describe(const ActivePolicy& active);

/// Throws Failure{interrupted} if a signal came.
void check_interrupted(std::string_view how_far);

}  // namespace purgatory::cli

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include "apps/purgatory/pages/man.hpp"
#include "tests/cli/process.hpp"
#include "tests/cli/sample_program.hpp"

namespace purgatory::cli_test {
namespace {

/// The faults that mandoc finds in a page. It has no date, on purpose.
std::string faults_of(const std::string& page) {
  std::string faults = output_of("mandoc -T lint -W warning < " + quoted(page));
  const std::string no_date = "mandoc: <stdin>:1:17: WARNING: missing date, using \"\": TH\n";
  REQUIRE(faults.find(no_date) != std::string::npos);
  return faults.erase(faults.find(no_date), no_date.size());
}

}  // namespace

TEST_CASE("the manual page shows what the help shows, and the facts that it is given") {
  const auto page = cli::pages::manual_page(*sample_program(),
                                            {.description = {"Jobs wait -- until then."},
                                             .exit_codes = {{"0", "Done."}, {"1", "Not found."}},
                                             .environment = {{"NO_COLOR", "No colour."}},
                                             .files = {{"~/.jobs", "The jobs."}},
                                             .see_also = "sqlite3(1)"});
  CHECK('\n' + page == R"(
.TH PURGATORY 1 "" "purgatory 1.2.3" "User Commands"
.SH NAME
purgatory \- keep failed jobs until they are retried or purged
.SH SYNOPSIS
\fBpurgatory\fR \fICOMMAND\fR [\fIOPTIONS\fR]
.SH DESCRIPTION
Keep failed jobs until they are retried or purged.
.PP
Jobs wait \-\- until then.
.SH GLOBAL OPTIONS
.TP
\fB\-c\fR, \fB\-\-config\fR \fIFILE\fR
The configuration (or $PURGATORY_CONFIG)
.TP
\fB\-o\fR, \fB\-\-output\fR table|json|jsonl
How to print (default: table)
.TP
\fB\-\-now\fR \fITIME\fR
The time at which the clock stands, for demos
.TP
\fB\-\-version\fR
Show the version
.TP
\fB\-h\fR, \fB\-\-help\fR
Show this
.SH COMMANDS
.SS import
Record the jobs of a file.
.PP
\fBpurgatory import\fR [\fIOPTIONS\fR] \fIFILE\fR
.TP
\fIFILE\fR
JSON lines; \- is stdin
.SS purge
Purge jobs: a whole scope, or what matches.
.PP
\fBpurgatory purge\fR \fB\-\-reason\fR \fITEXT\fR [\fIOPTIONS\fR] [\fIID\fR]...
.TP
\fIID\fR
Which jobs
.TP
\fB\-n\fR, \fB\-\-dry\-run\fR
Show what would go, and let it stay
.TP
\fB\-\-reason\fR \fITEXT\fR
Why, for the journal: somebody will read it next year and has to understand it (required)
.PP
Scope:
.TP
\fB\-\-project\fR \fINAME\fR
Of this project
.TP
\fB\-\-group\fR \fINAME\fR
Of these groups (repeatable)
.PP
Examples:
.PP
.RS 4
.EX
purgatory purge \-\-project shop \-\-group payments
purgatory purge \-\-project shop \-\-older\-than 30d \-\-dry\-run
.EE
.RE
.SS trash
Look into trash.
.PP
\fBpurgatory trash\fR \fICOMMAND\fR [\fIOPTIONS\fR]
.SS trash list
List the purges that can be undone.
.PP
\fBpurgatory trash list\fR [\fIOPTIONS\fR]
.PP
Examples:
.PP
.RS 4
.EX
purgatory trash list \-o json
purgatory trash list
.EE
.RE
.SS trash empty, free
Free what is past its undo window.
.PP
\fBpurgatory trash empty\fR [\fIOPTIONS\fR]
.SH EXIT STATUS
.TP
\fB0\fR
Done.
.TP
\fB1\fR
Not found.
.SH ENVIRONMENT
.TP
\fBNO_COLOR\fR
No colour.
.SH FILES
.TP
\fB\(ti/.jobs\fR
The jobs.
.SH EXAMPLES
.RS 4
.EX
purgatory import failures.jsonl
purgatory purge \-\-project shop
.EE
.RE
.SH SEE ALSO
sqlite3(1)
)");
}

TEST_CASE("a manual page prints texts as they are") {
  const std::string text = R"(.TH 'is' "no" \fIrequest\fR: `--a-b` ~/x^2)";
  CLI::App program(text, "purgatory");
  program.add_subcommand("run", text)->footer(text);
  const TemporaryDirectory directory;
  const auto page = write(directory, "page", cli::pages::manual_page(program, {}));
  const std::string printed = output_of("mandoc -T ascii " + quoted(page));
  CHECK(printed.find("       " + text + "\n") != std::string::npos);
  CHECK(printed.find("           " + text + "\n") != std::string::npos);
}

TEST_CASE("the manual page of the program has no fault") {
  CHECK(faults_of(PURGATORY_SHARE "/man/man1/purgatory.1") == "");
}

}  // namespace purgatory::cli_test

#include "apps/purgatory/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/lines.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/error.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::cli {
namespace {

constexpr std::string_view kTooLong = "is longer than any job can be, 32 MiB";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

void Import::read(const std::string& file) {
  Lines lines(file);
  const std::string name = file == "-" ? "stdin" : file;
  progress_.emplace(options_.what + " bytes", lines.size(), options_.quiet);
  try {
    read_lines(lines, name);
  } catch (const Error& error) {
    throw Failure(exit_code_of(error.code()), fmt::format("{}; {}", error.what(), how_far()));
  }
  progress_.reset();
  if (interrupted() != 0) {
    throw Failure(ExitCode::interrupted, fmt::format("{}: interrupted; {}", name, how_far()));
  }
}

void Import::read_lines(Lines& lines, const std::string& name) {
  while (const auto line = lines.next()) {
    if (interrupted() != 0) break;
    if (lines.too_long()) {
      reject(name, lines.number(), kTooLong);
    } else if (!is_blank(*line)) {
      take(name, lines.number(), *line);
    }
    last_line_ = lines.number();
    progress_->show(lines.bytes());
  }
  if (interrupted() == 0) record();
}

void Import::take(const std::string& name, std::uint64_t number, std::string_view line) {
  FailedJob job;
  try {
    job = json_lines::parse(line);
    check_limits(job, limits_);
  } catch (const Error& error) {
    reject(name, number, error.what());
    return;
  }
  if (!batch_.has_room_for(job)) record();
  batch_.add(std::move(job));
}

void Import::reject(const std::string& name, std::uint64_t number, std::string_view why) {
  const std::string what = fmt::format("{}:{}: {}", name, number, why);
  if (!options_.keep_going) {
    record();
    recorded_line_ = number - 1;
    throw Failure(ExitCode::bad_data,
                  fmt::format("{}; {}; mend the line, or skip such lines with --keep-going", what,
                              how_far()));
  }
  constexpr std::uint64_t kShown = 20;
  if (++skipped_ > kShown + 1) return;
  progress_->erase();
  fmt::print(
      stderr, "{}\n",
      visible(skipped_ <= kShown ? what + ": skipped" : name + ": further ones are only counted"));
}

void Import::record() {
  batch_.record();
  recorded_line_ = last_line_;
}

std::string Import::how_far() const {
  if (recorded_line_ == 0) return "nothing is recorded";
  return fmt::format("{} recorded, all up to line {}; importing them again is harmless",
                     format_jobs(batch_.recorded()) + (batch_.recorded() == 1 ? " is" : " are"),
                     recorded_line_);
}

}  // namespace purgatory::cli

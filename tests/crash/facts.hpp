#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "purgatory/repository.hpp"

namespace purgatory::crash {

/// A recorded job, wherever it is: live or in trash. Its failed_at tells it from every other one.
struct Copy {
  FailedJob job;
  Retention retention;
  Time recorded_at{};
};

/// One thing that can be seen of a store: a job, a job in trash, a pile, a journal entry, a
/// setting.
struct Fact {
  std::string kind;
  std::string project;
  std::string name;  ///< The group of a job, else a purge_id or the setting's name.
  std::string detail = {};

  friend auto operator<=>(const Fact&, const Fact&) = default;
};

/// What is to be seen of a store, or was seen, each with its value as bytes.
using Facts = std::map<Fact, std::string>;

void add_job(Facts& facts, const Copy& copy);
void add_trash(Facts& facts, const std::string& purge_id, const Copy& copy);
void add_pile(Facts& facts, const std::string& project, const Pile& pile);
void add_journal(Facts& facts, const std::string& project, const JournalEntry& entry);

/// What a crash may have left of one driver's facts, and what is ignored: trash that may be freed
/// at any time.
struct Outcome {
  Facts facts;
  std::vector<std::string> freeable = {};  ///< purge_ids, ascending.
};

/// How a store differs from what it may be.
struct Difference {
  std::size_t lost = 0;         ///< Expected, and not there.
  std::size_t resurrected = 0;  ///< There, and not expected.
  std::size_t torn = 0;         ///< Something in between.
  std::vector<std::string> lines = {};

  [[nodiscard]] bool none() const { return lost + resurrected + torn == 0; }
  Difference& operator+=(const Difference& other);
};

struct Verdict {
  std::size_t outcome = 0;  ///< The one that was seen, or that is nearest.
  Difference difference;
};

/// Which of the outcomes was seen.
Verdict judge(const std::vector<Outcome>& outcomes, const Facts& seen);

}  // namespace purgatory::crash

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/crash/facts.hpp"

namespace purgatory::crash {

struct Identity {
  std::string project;
  std::string group;
  std::string job_id;

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

/// A cap on the jobs of one group.
struct Cap {
  std::string group;
  std::uint64_t jobs = 0;
};

/// One purge: its journal entry and its trash.
struct Purge {
  enum class Kind { detach, remove, caps };

  Kind kind = Kind::detach;
  std::string project;
  JournalEntry entry = {};
  Receipt receipt = {};  ///< Of a detach.
  std::vector<Copy> trash = {};
  bool expired = false;
  bool archived = false;

  [[nodiscard]] bool waiting() const;
  [[nodiscard]] bool open() const { return entry.state == PileState::open; }
  [[nodiscard]] bool freeable() const { return expired && !waiting(); }
};

/// The oracle: what one driver's part of a store holds after its calls. It answers each call as the
/// store has to.
class State {
 public:
  RecordResult record(Time now, const std::vector<Copy>& jobs, const std::vector<Cap>& caps,
                      const PurgeNote& note);
  bool forget(const Identity& identity) { return live_.erase(identity) == 1; }
  Receipt detach(Time now, const Scope& scope, const PurgeNote& note);
  RemoveResult remove(Time now, const std::vector<Identity>& jobs, const PurgeNote& note);
  /// Goes on behind `after` until `most` jobs are restored or the job `last` was looked at.
  std::uint64_t restore(const std::string& purge_id, Time not_before,
                        const std::optional<PileCursor>& after,
                        const std::optional<PileCursor>& last, std::uint64_t most);
  bool restamp(const Identity& identity, const Retention& retention);
  void seal(const std::string& purge_id);
  void mark_archived(const std::string& purge_id) { purges_.at(purge_id).archived = true; }
  void expire(Time now, const std::string& purge_id);
  void set(const std::string& name, const std::string& value) { settings_[name] = value; }

  [[nodiscard]] const std::map<Identity, Copy>& live() const { return live_; }
  [[nodiscard]] const std::map<std::string, Purge>& purges() const { return purges_; }
  [[nodiscard]] const std::map<std::string, std::string>& settings() const { return settings_; }

  [[nodiscard]] Outcome outcome() const;

 private:
  Purge& purge(Purge::Kind kind, Time now, const std::string& project, const PurgeNote& note);
  std::vector<Identity> free_jobs(const Scope& scope) const;
  void trim(Time now, const Scope& scope, std::uint64_t most, const PurgeNote& note,
            RecordResult& result);
  void evict(Purge& purge, const Identity& identity);
  void take(Purge& purge, const Identity& identity);

  std::map<Identity, Copy> live_;
  std::map<std::string, Purge> purges_;
  std::map<std::string, std::string> settings_;
};

}  // namespace purgatory::crash

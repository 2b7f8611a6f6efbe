// R13 and R17: lease, setting, compare_and_set.

#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

std::optional<std::string> setting_of(Connection& db, std::string_view name) {
  Query row(db, "SELECT value FROM setting WHERE name = ?1", name);
  return row.step() ? std::optional(std::string(row.text(0))) : std::nullopt;
}

/// True if a lease that runs until then still runs. An expiry further away than its own ttl is one
/// of a clock that went back.
bool runs(Time until, std::chrono::milliseconds ttl, Time now) {
  return now < until && until <= now + ttl;
}

}  // namespace

std::optional<std::string> FileRepository::setting(const Call& call, std::string_view name) {
  return read(call, [&](Connection& db) { return setting_of(db, name); });
}

std::optional<std::string> FileRepository::compare_and_set(const Call& call, std::string_view name,
                                                           std::optional<std::string_view> expected,
                                                           std::string_view desired) {
  return write(call, Grows::no, 1, [&](Connection& db) {
    std::optional<std::string> stored = setting_of(db, name);
    if (stored != expected) return stored;
    Query(db,
          "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
          name, desired)
        .run();
    return std::optional(std::string(desired));
  });
}

bool FileRepository::lease(const Call& call, std::string_view name, std::string_view owner,
                           std::chrono::milliseconds ttl) {
  return write(call, Grows::no, 1, [&](Connection& db) {
    Query row(db, "SELECT owner, until, ttl FROM lease WHERE name = ?1", name);
    const bool taken = row.step();
    const bool mine = taken && row.text(0) == owner;
    if (taken && !mine && runs(row.time(1), std::chrono::milliseconds(row.integer(2)), call.now)) {
      return false;
    }
    if (ttl.count() == 0) {
      if (mine) Query(db, "DELETE FROM lease WHERE name = ?1", name).run();
      return false;
    }
    Query(db,
          "INSERT INTO lease (name, owner, until, ttl) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO "
          "UPDATE SET owner = ?2, until = ?3, ttl = ?4",
          name, owner, call.now + ttl, ttl.count())
        .run();
    return true;
  });
}

}  // namespace purgatory::file

#include "tests/unit/fake_repository.hpp"

namespace purgatory::unit {

RecordResult FakeRepository::record(const Call&, std::string_view, std::span<const Recording>,
                                    std::span<const Bound>, const PurgeNote&) {
  on_call("record");
  return {};
}
std::optional<StoredJob> FakeRepository::find(const Call&, std::string_view, std::string_view,
                                              std::string_view) {
  on_call("find");
  return {};
}
std::vector<std::string> FakeRepository::locate(const Call&, std::string_view, std::string_view) {
  on_call("locate");
  return {};
}
Page<StoredJob, ListCursor> FakeRepository::list(const Call&, const Selection&,
                                                 const std::optional<ListCursor>&, std::size_t) {
  on_call("list");
  return {};
}
std::uint64_t FakeRepository::count(const Call&, const Selection&, std::uint64_t) {
  on_call("count");
  return {};
}
Forgotten FakeRepository::forget(const Call&, std::string_view, std::string_view, std::string_view,
                                 std::optional<Version>) {
  on_call("forget");
  return {};
}
Receipt FakeRepository::detach(const Call&, const Scope&, const PurgeNote&) {
  on_call("detach");
  return {};
}
RemoveResult FakeRepository::remove(const Call&, std::string_view, std::span<const JobRef>,
                                    const PurgeNote&) {
  on_call("remove");
  return {};
}
RestoreResult FakeRepository::restore(const Call&, std::string_view, std::string_view, Time,
                                      std::span<const Bound>, const Budget&,
                                      const std::optional<PileCursor>&) {
  on_call("restore");
  return {};
}
Page<Pile, std::string> FakeRepository::piles(const Call&, std::string_view,
                                              const std::optional<std::string>&) {
  on_call("piles");
  return {};
}
Page<StoredJob, PileCursor> FakeRepository::trash(const Call&, std::string_view, std::string_view,
                                                  const std::optional<PileCursor>&) {
  on_call("trash");
  return {};
}
void FakeRepository::seal(const Call&, std::string_view, std::string_view) { on_call("seal"); }
void FakeRepository::mark_archived(const Call&, std::string_view, std::string_view) {
  on_call("mark_archived");
}
void FakeRepository::expire(const Call&, std::string_view, std::string_view) { on_call("expire"); }
ReclaimResult FakeRepository::reclaim(const Call&, std::string_view, const Budget&) {
  on_call("reclaim");
  return {};
}
Page<ProjectInfo, std::string> FakeRepository::projects(const Call&,
                                                        const std::optional<std::string>&) {
  on_call("projects");
  return {};
}
std::vector<StoredJob> FakeRepository::due(const Call&, std::string_view, std::size_t) {
  on_call("due");
  return {};
}
Partitions FakeRepository::partitions(const Call&, std::string_view) {
  on_call("partitions");
  return {};
}
RestampResult FakeRepository::restamp(const Call&, std::string_view, std::span<const Restamp>) {
  on_call("restamp");
  return {};
}
Page<JournalEntry, JournalCursor> FakeRepository::journal(const Call&, std::string_view,
                                                          const std::optional<JournalCursor>&) {
  on_call("journal");
  return {};
}
TrimResult FakeRepository::trim_journal(const Call&, std::string_view, Time) {
  on_call("trim_journal");
  return {};
}
bool FakeRepository::lease(const Call&, std::string_view, std::string_view,
                           std::chrono::milliseconds) {
  on_call("lease");
  return {};
}
std::vector<StoredJob> FakeRepository::with_resource(const Call&, std::string_view,
                                                     std::optional<std::string_view>,
                                                     std::string_view, std::size_t) {
  on_call("with_resource");
  return {};
}
std::optional<std::string> FakeRepository::setting(const Call&, std::string_view) {
  on_call("setting");
  return {};
}
std::optional<std::string> FakeRepository::compare_and_set(const Call&, std::string_view,
                                                           std::optional<std::string_view>,
                                                           std::string_view) {
  on_call("compare_and_set");
  return {};
}
std::vector<Figure> FakeRepository::stats(const Call&) {
  on_call("stats");
  return {};
}
CheckResult FakeRepository::check(const Call&, const std::optional<std::string>&, const Budget&) {
  on_call("check");
  return {};
}
void FakeRepository::backup(const Call&, std::string_view) { on_call("backup"); }
bool FakeRepository::compact(const Call&, const Budget&) {
  on_call("compact");
  return {};
}

Door::Door(const Limits& limits) : call(begin_call(host)) {
  auto owned = std::make_unique<FakeRepository>();
  fake = owned.get();
  repository = checked(std::move(owned), host, limits);
  note.purge_id = "purge";
}

std::vector<Door::Operation> Door::operations() {
  const auto scope = Scope::project("p");
  FailedJobRepository& door = *repository;
  return {
      {"record", [&, this] { door.record(call, "p", {}, {}, note); }},
      {"find", [&, this] { door.find(call, "p", "g", "j"); }},
      {"locate", [&, this] { door.locate(call, "p", "j"); }},
      {"list",
       [&door, this, scope] {
         door.list(call, {scope, {}}, {}, 1);
       }},
      {"count",
       [&door, this, scope] {
         door.count(call, {scope, {}}, 1);
       }},
      {"forget", [&, this] { door.forget(call, "p", "g", "j", {}); }},
      {"detach", [&door, this, scope] { door.detach(call, scope, note); }},
      {"remove", [&, this] { door.remove(call, "p", {}, note); }},
      {"restore", [&, this] { door.restore(call, "p", "x", {}, {}, {}, {}); }},
      {"piles", [&, this] { door.piles(call, "p", {}); }},
      {"trash", [&, this] { door.trash(call, "p", "x", {}); }},
      {"seal", [&, this] { door.seal(call, "p", "x"); }},
      {"mark_archived", [&, this] { door.mark_archived(call, "p", "x"); }},
      {"expire", [&, this] { door.expire(call, "p", "x"); }},
      {"reclaim", [&, this] { door.reclaim(call, "p", {}); }},
      {"projects", [&, this] { door.projects(call, {}); }},
      {"due", [&, this] { door.due(call, "p", 1); }},
      {"partitions", [&, this] { door.partitions(call, "p"); }},
      {"restamp", [&, this] { door.restamp(call, "p", {}); }},
      {"journal", [&, this] { door.journal(call, "p", {}); }},
      {"trim_journal", [&, this] { door.trim_journal(call, "p", {}); }},
      {"lease", [&, this] { door.lease(call, "l", "o", std::chrono::seconds(1)); }},
      {"with_resource", [&, this] { door.with_resource(call, "p", {}, "r", 1); }},
      {"setting", [&, this] { door.setting(call, "s"); }},
      {"compare_and_set", [&, this] { door.compare_and_set(call, "s", {}, ""); }},
      {"stats", [&, this] { door.stats(call); }},
      {"check", [&, this] { door.check(call, {}, {}); }},
      {"backup", [&, this] { door.backup(call, "d"); }},
      {"compact", [&, this] { door.compact(call, {}); }},
  };
}

}  // namespace purgatory::unit

// The texts of errors that calls on a sound store end with.

#include <sqlite3.h>

#include "plugins/file/fail.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::error_of;
using contract::Store;

/// What an error of SQLite becomes.
std::string meaning(int code) {
  return error_of([&] { throw file::SqliteError(code, "/store", "what"); });
}

class Fresh {
 public:
  const Store& operator*() const { return store_; }
  const Store* operator->() const { return &store_; }

 private:
  Directory directory_;
  Store store_{at_path(directory_ / "store")};
};

}  // namespace

TEST_CASE("each code of SQLite becomes an error that says what to do") {
  const std::string damaged = "; the file is damaged: run its check, or restore a backup";
  const std::string locked = "; another process holds the file's lock; give the call more time";
  const std::string refused = "; this user needs to read and write the file and its directory";
  CHECK(meaning(SQLITE_BUSY) == "timeout: '/store': what (SQLite code 5)" + locked);
  CHECK(meaning(SQLITE_LOCKED) == "timeout: '/store': what (SQLite code 6)" + locked);
  CHECK(meaning(SQLITE_PROTOCOL) == "timeout: '/store': what (SQLite code 15)" + locked);
  CHECK(meaning(SQLITE_INTERRUPT) ==
        "timeout: '/store': what (SQLite code 9); the deadline passed before it was done; give it "
        "more time");
  CHECK(meaning(SQLITE_FULL) ==
        "exhausted: '/store': what (SQLite code 13); the disk is full: free some space on it, or "
        "purge and reclaim jobs");
  CHECK(meaning(SQLITE_NOMEM) ==
        "exhausted: '/store': what (SQLite code 7); the process is out of memory");
  CHECK(meaning(SQLITE_IOERR_NOMEM) ==
        "exhausted: '/store': what (SQLite code 3082); the process is out of memory");
  CHECK(meaning(SQLITE_READONLY) == "permission: '/store': what (SQLite code 8)" + refused);
  CHECK(meaning(SQLITE_PERM) == "permission: '/store': what (SQLite code 3)" + refused);
  CHECK(meaning(SQLITE_AUTH) == "permission: '/store': what (SQLite code 23)" + refused);
  CHECK(meaning(SQLITE_CORRUPT) == "corrupt: '/store': what (SQLite code 11)" + damaged);
  CHECK(meaning(SQLITE_CONSTRAINT) == "corrupt: '/store': what (SQLite code 19)" + damaged);
  CHECK(meaning(SQLITE_MISMATCH) == "corrupt: '/store': what (SQLite code 20)" + damaged);
  CHECK(meaning(SQLITE_IOERR_DATA) ==
        "corrupt: '/store': what (SQLite code 8202); run the store's check, or restore a backup");
  CHECK(meaning(SQLITE_IOERR_WRITE) ==
        "unavailable: '/store': what (SQLite code 778); look at the disk and the system's log");
}

TEST_CASE("forgetting a held job says that it is held") {
  const Fresh store;
  store->record(a_job("a").rule_hold("evidence"));
  CHECK(error_of([&] { store->forget("a"); }) ==
        "conflict: forget: the job is held; release it first");
}

TEST_CASE("each call for the trash of an unknown purge says so in its own name") {
  const Fresh store;
  const auto text = [](const std::string& call) {
    return "not_found: " + call + ": purge 'purge' has no trash: it is unknown, or was freed";
  };
  CHECK(error_of([&] { return store->trash(); }) == text("trash"));
  CHECK(error_of([&] { store->seal(); }) == text("seal"));
  CHECK(error_of([&] { store->expire(); }) == text("expire"));
  CHECK(error_of([&] { store->mark_archived(); }) == text("mark_archived"));
}

TEST_CASE("restoring an unknown purge says why it cannot be undone") {
  const Fresh store;
  CHECK(error_of([&] { store->restore(); }) ==
        "not_found: restore: purge 'purge' cannot be undone: it is unknown, was made by caps, or "
        "its undo window is over");
}

TEST_CASE("archiving an open pile says to seal it") {
  const Fresh store;
  store->record(a_job("a"));
  store->remove({store->get("a")});
  CHECK(error_of([&] { store->mark_archived(); }) ==
        "conflict: mark_archived: purge 'purge' is open, so more may join it; seal it before it is "
        "archived");
}

TEST_CASE("a purge_id of another kind of purge is refused by its name") {
  const Fresh store;
  store->record({a_job("a"), a_job("b"), a_job("c")});
  store->remove({store->get("a")}, "removed");
  store->detach(contract::project_level(), "detached");
  store->record(a_job("d"));
  CHECK(error_of([&] { store->detach(contract::whole_project(), "removed"); }) ==
        "conflict: detach: purge 'removed' was not made by a detach; use a fresh purge_id");
  CHECK(error_of([&] { store->remove({store->get("d")}, "detached"); }) ==
        "conflict: remove: purge 'detached' takes no more jobs: it is sealed or was not made by "
        "remove; use a fresh purge_id");
  CHECK(error_of([&] { store->record(a_job("e"), {contract::keep_last(9)}, "detached"); }) ==
        "conflict: record: evictions cannot join purge 'detached': it is sealed or was not made by "
        "caps; use a fresh purge_id");
}

TEST_CASE("a detach while its scope is restored names the purge in its way") {
  const Fresh store;
  store->record({a_job("a"), a_job("b")});
  store->detach(contract::project_level(), "first");
  store->restore_one("first");
  CHECK(error_of([&] { store->detach(contract::whole_project(), "second"); }) ==
        "conflict: detach: purge 'first' of an overlapping scope is being restored; try again when "
        "that is done");
}

TEST_CASE("a count that runs out of time says what to do") {
  const Fresh store;
  store->record(contract::numbered_jobs(200));
  Filter filter;
  filter.error_code = "absent";
  CHECK(error_of([&] {
          return (*store)->count(call_of(*store, contract::milliseconds(0)),
                                 {contract::whole_project(), filter}, 1);
        }) ==
        "timeout: count: the deadline passed before it was done; give it more time, or ask for "
        "less");
}

TEST_CASE("a change whose deadline has passed is not begun") {
  const Fresh store;
  const auto job = a_job("a");
  const Recording recording{&job.fields, &job.stamp};
  CHECK(error_of([&] {
          (*store)->record(call_of(*store, contract::milliseconds(0)), contract::kProject,
                           {&recording, 1}, {}, store->note("caps"));
        }) ==
        "timeout: the deadline passed while other changes were written; nothing was changed, give "
        "the call more time");
  CHECK(store->count() == 0);
}

}  // namespace purgatory::file_test

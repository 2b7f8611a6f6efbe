// The purger in the server: what goes by the policy and what is past its undo window goes without
// anybody's asking.

#include <catch2/catch.hpp>

#include "tests/cli/run/write_lock.hpp"
#include "tests/server/purging.hpp"

namespace purgatory::server_test {
namespace {

using cli_run::contains;
using cli_run::wait_until;

}  // namespace

TEST_CASE("a server frees what can be undone no longer") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --group payments --yes --undo-window 0s");
  box.out("purge --project shop --project-level --yes");
  Server server(box, with_purger());
  CHECK(text(server.log().wait_for("purger_ran"), "freed") == "3");
  wait_for_a_run(server);
  CHECK(server.metric("purgatory_trash_jobs") == 2);
  CHECK(server.stop() == 0);
  CHECK(box.json("trash list --project shop").as_array().size() == 1);
  CHECK(server.log().events("purger_ran").size() == 1);  // those with nothing to do are not logged
  CHECK(server.log().events("policy_activated").empty());
}

TEST_CASE("a server purges by the policy of its configuration") {
  const Sandbox box;
  box.fill();
  const Server server(box, with_purger(kTimeouts));
  const auto activated = server.log().wait_for("policy_activated");
  CHECK(text(activated, "actor") == "purger");
  CHECK(text(activated, "hash").size() == 32);
  wait_until("the jobs that timed out are purged", [&] { return box.count() == 4; });
  const auto journal = box.json("journal --project shop");
  CHECK(journal.at(0).at("actor") == "policy");
  CHECK(journal.at(0).at("rule") == "timeouts");
  CHECK(server.metric("purgatory_purged_total{reason=\"age\",rule=\"timeouts\"}") == 2);
  CHECK(server.metric("purgatory_policy_superseded") == 0);
  CHECK(text(server.log().wait_for("purger_ran"), "purged") == "2");

  box.out("restore --project shop " + text(journal.at(0).as_object(), "purge_id"));
  wait_for_a_run(server);
  CHECK(box.count() == 6);
}

TEST_CASE("a server that is asked to stop does not wait for the end of a purger's run") {
  const Sandbox box;
  Server server(box, failing_store("endless"));
  wait_until("the purger is at work", [&] {
    return server.metric(
               "purgatory_backend_operation_duration_seconds_count"
               "{backend=\"failing\",operation=\"reclaim\"}") > 0;
  });
  CHECK(server.stop() == 0);
  CHECK(server.log().events("stopped").size() == 1);
}

TEST_CASE("a server says why it can purge nothing, and serves all the same") {
  const Sandbox box;
  const Server server(box, failing_store("unavailable"));
  const auto failed = server.log().wait_for("purger_failed");
  CHECK(text(failed, "level") == "error");
  CHECK(text(failed, "code") == "unavailable");
  CHECK(contains(text(failed, "why"), "db.example is down"));
  CHECK(server.admin_page("/healthz") == "ok\n");
}

TEST_CASE("a server purges again once its store works again") {
  const Sandbox box;
  box.fill();
  Settings settings = with_purger(kTimeouts);
  settings.repository = "{ backend: file, timeout: 100ms, file: { path: store.db } }";
  const Server server(box, settings);
  wait_until("the jobs that timed out are purged", [&] { return box.count() == 4; });
  {
    const cli_run::WriteLock lock(box / "store.db");
    CHECK(text(server.log().wait_for("purger_failed"), "code") == "timeout");
    CHECK(server.metric("purgatory_backend_errors_total{backend=\"file\",code=\"timeout\"}") > 0);
    CHECK(server.log().events("purger_recovered").empty());
  }
  (void)server.log().wait_for("purger_recovered");
}

TEST_CASE("of two servers on one store one purges, and the other takes over when it ends") {
  const Sandbox box;
  box.fill();
  const std::string last_purge = "purgatory_last_purge_timestamp_seconds";
  Server first(box, with_purger(kTimeouts));
  wait_until("the first one purges", [&] { return first.metric(last_purge) > 0; });
  const Server second(box, with_purger(kTimeouts));
  wait_for_a_run(second);
  CHECK(second.metric(last_purge) == 0);
  CHECK(second.metric("purgatory_jobs{backend=\"file\"}") == 4);
  CHECK(first.stop() == 0);
  wait_until("the second one purges", [&] { return second.metric(last_purge) > 0; });
  CHECK(second.metric("purgatory_policy_superseded") == 0);
}

TEST_CASE("a server whose policy is superseded says so, purges nothing, and frees trash") {
  const Sandbox box;
  const Server server(box, with_purger(kTimeouts));
  const auto own = server.log().wait_for("policy_activated");
  const ActivePolicy other = activate_another(box);

  const auto superseded = server.log().wait_for("policy_superseded");
  CHECK(text(superseded, "level") == "warning");
  CHECK(superseded.at("hash") == own.at("hash"));
  CHECK(text(superseded, "active") == other.hash);
  CHECK(text(superseded, "activated_by") == "tess");
  wait_until("a metric says so, too",
             [&] { return server.metric("purgatory_policy_superseded") == 1; });

  box.fill();
  box.out("purge --project shop --group payments --yes --undo-window 0s");
  wait_until("trash is freed",
             [&] { return box.json("trash list --project shop").as_array().empty(); });
  wait_for_a_run(server);
  CHECK(box.count() == 3);  // one of them timed out
  CHECK(server.log().events("policy_activated").size() == 1);
}

TEST_CASE("a server whose archive cannot be written says so, and frees all once it can be") {
  const Sandbox box;
  cli_run::write_archiving_config(box);
  box.fill();
  box.out("purge --project shop --yes --undo-window 0s");
  box.write("cold", "no directory");
  const Server server(
      box, with_purger("retention:\n"
                       "  rules: [ { name: cold, match: { error_code: TIMEOUT }, keep_for: 365d, "
                       "archive: cold } ]\n"
                       "  archives: { cold: { directory: cold } }\n"));
  CHECK(contains(text(server.log().wait_for("project_not_archived"), "why"), "cold"));
  wait_until("its health says so", [&] {
    return server.admin_page("/healthz") ==
           "ok\npurged jobs cannot be archived: see project_not_archived in the log\n";
  });
  CHECK(server.admin_page("/readyz") == "ready\n");
  CHECK(server.metric("purgatory_archive_pending_jobs") == 5);
  CHECK(box.json("trash list --project shop").as_array().size() == 1);

  cli_run::fs::remove(box / "cold");
  wait_until("trash is freed",
             [&] { return box.json("trash list --project shop").as_array().empty(); });
  wait_until("its health says so", [&] { return server.admin_page("/healthz") == "ok\n"; });
  CHECK(server.metric("purgatory_archive_pending_jobs") == 0);
}

TEST_CASE("a server whose policy the guard refuses says so, and purges once it is overridden") {
  const Sandbox box;
  box.fill_with(20);
  const auto settings = [](std::string_view keep_for) {
    return with_purger(
        "retention:\n  min_age: 0s\n  rules: [ { name: all, keep_for: " + std::string(keep_for) +
        " } ]\n  guard: { max_fraction: 50%, min_jobs: 10, max_jobs: 1000 }\n");
  };
  Server first(box, settings("36500d"));
  (void)first.log().wait_for("policy_activated");
  CHECK(first.admin_page("/healthz") == "ok\n");
  CHECK(first.stop() == 0);

  const Server server(box, settings("0s"));
  CHECK(contains(text(server.log().wait_for("guard_refused"), "why"), "20 of 20 jobs"));
  wait_until("its health says so", [&] {
    return server.admin_page("/healthz") ==
           "ok\nthe guard refuses what the policy would purge: see guard_refused in the log\n";
  });
  CHECK(server.admin_page("/readyz") == "ready\n");
  CHECK(server.metric("purgatory_guard_refused") == 1);
  CHECK(box.count() == 20);

  box.out("-c server.yaml policy activate --override-guard");
  wait_until("the jobs are purged", [&] { return box.count() == 0; });
  wait_until("its health says so", [&] { return server.admin_page("/healthz") == "ok\n"; });
  CHECK(server.metric("purgatory_guard_refused") == 0);
}

}  // namespace purgatory::server_test

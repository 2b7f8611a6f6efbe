#include "benchmarks/rivals/bare_insert.hpp"

namespace purgatory::benchmarks::rivals {
namespace {

SqliteConnection open_table(const ScratchDirectory& directory) {
  SqliteConnection connection(directory.path() / "bare.db");
  connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
  return connection;
}

}  // namespace

BareInsert::BareInsert()
    : connection_(open_table(directory_)),
      insert_(connection_, "INSERT INTO entry (bytes) VALUES (?)") {}

}  // namespace purgatory::benchmarks::rivals

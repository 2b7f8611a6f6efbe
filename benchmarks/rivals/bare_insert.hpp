#pragma once

#include <string_view>

#include "benchmarks/rivals/sqlite.hpp"
#include "benchmarks/scratch_directory.hpp"

namespace purgatory::benchmarks::rivals {

/// The least that SQLite takes to make something durable: a row with a number and a blob, in a
/// transaction of its own. No index, no question that could be asked. For one thread.
class BareInsert {
 public:
  static constexpr std::string_view kName = "bare_insert";

  BareInsert();

  void commit(std::string_view blob) { insert_.bind(blob).run(); }

 private:
  ScratchDirectory directory_;
  SqliteConnection connection_;
  SqliteStatement insert_;
};

}  // namespace purgatory::benchmarks::rivals

#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/failed_job.hpp"
#include "purgatory/purge.hpp"

/// What commands print on stdout.
namespace purgatory::cli {

enum class Format { table, json, jsonl };

/// A column of a table: a member of the rows, and how people read it.
struct Column {
  enum class Kind { text, count, bytes };

  std::string_view key;
  Kind kind = Kind::text;
};

/// Prints rows of one kind: as a table with some of their members, as a JSON array, or as one JSON
/// object a line. A table's columns are as wide as the first 1000 rows need; on a terminal the last
/// one is cut to fit.
class Rows {
 public:
  Rows(Format format, std::vector<Column> columns);

  void add(const boost::json::object& row);
  /// Ends the output. Throws Failure{io} if it could not be written.
  void finish();

 private:
  void print_table();
  void print_line(const std::vector<std::string>& cells, bool header);

  Format format_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> waiting_;  ///< Cells, until the widths are known.
  std::vector<std::size_t> widths_;
  bool first_ = true;
};

/// Prints a single result: a table of one row, or one JSON object.
void print_result(Format format, std::vector<Column> columns, const boost::json::object& result);

/// The same for people: a line for each member.
void print_members(const boost::json::object& object);

/// Writes to stdout, much at a time; `flush` writes what is left. Both throw Failure{io} if that
/// fails, {interrupted} if nobody reads and an end was asked for; what is not written is lost then.
void print(std::string_view text);
void flush();

/// A job in the form of imports, without an empty payload, and what the store knows about it.
[[nodiscard]] boost::json::object to_json(const StoredJob& stored);
[[nodiscard]] boost::json::object to_json(const Receipt& receipt);
/// Its rule and times, those that are set.
void append(boost::json::object& object, const Stamp& stamp);
/// What tables show of a job; its texts may hold any byte.
[[nodiscard]] boost::json::object to_row(const StoredJob& stored);

/// A text that may hold any byte, for a member that is no field of a job.
[[nodiscard]] boost::json::string json_text(std::string_view text);

}  // namespace purgatory::cli

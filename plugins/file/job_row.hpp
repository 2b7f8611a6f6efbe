#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugins/file/connection.hpp"
#include "purgatory/codec.hpp"
#include "purgatory/failed_job.hpp"

namespace purgatory::file {

/// Whose jobs a row is decoded as: the checksums cover project and group.
struct Owner {
  std::string_view project;
  std::string_view group;
};

/// A row of `job` under the cursor of one of the queries below.
class JobRow {
 public:
  /// `row` has been stepped to.
  JobRow(const Query& row, Owner owner) : row_(row), owner_(owner) {}

  // What indexes and counters go by; no checksum covers it.
  [[nodiscard]] std::int64_t id() const noexcept;
  [[nodiscard]] Version version() const noexcept;
  [[nodiscard]] Time failed_at() const noexcept;
  [[nodiscard]] std::optional<Time> action_at() const noexcept;
  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] std::string_view job_id() const;
  [[nodiscard]] bool names_archive() const;
  /// True if the indexes by id and by resource have it where they look for it.
  [[nodiscard]] bool hashes_fit() const;

  /// Throw Error{corrupt} if the checksum is wrong.
  [[nodiscard]] Retention retention() const;
  /// Writes over `stored`, reusing its memory. The payload is left out.
  void read(StoredJob& stored) const;

 private:
  [[noreturn]] void fail_corrupt(std::string_view what) const;
  [[nodiscard]] std::uint32_t identity() const;

  const Query& row_;
  Owner owner_;
};

/// Queries whose rows are a JobRow.
[[nodiscard]] Query job_by_id(Connection& db, std::int64_t id);
[[nodiscard]] Query job_by_identity(Connection& db, std::int64_t generation,
                                    std::string_view job_id);

/// The payload of a row. Throws Error{corrupt} if its checksum is wrong or it is missing.
[[nodiscard]] std::string read_payload(Connection& db, std::int64_t id, const StoredJob& stored);

/// The whole job with its payload.
[[nodiscard]] StoredJob read_whole(Connection& db, const JobRow& row);

/// What is written of a job beside the host's fields.
struct Writing {
  std::int64_t generation = 0;
  Version version = 0;
  Time recorded_at{};
};

/// Adds a row, and the payload's. Returns its id.
std::int64_t insert_job(Connection& db, const FailedJob& job, const Retention& retention,
                        const Writing& writing);
/// Replaces everything but the row's id.
void replace_job(Connection& db, std::int64_t id, const FailedJob& job, const Retention& retention,
                 const Writing& writing);

/// Moves a row to another generation.
void move_job(Connection& db, std::int64_t id, std::int64_t generation);
/// Moves it and gives it a new retention and version. With `renumber` it becomes the newest row:
/// rows of one identity in one pile stand in the order of their versions (docs/file-layout.md).
enum class Renumber : bool { no, yes };
void restamp_job(Connection& db, const JobRow& row, Owner owner, const Retention& retention,
                 std::int64_t generation, Version version, Renumber renumber);
/// Deletes a row and its payload's.
void erase_job(Connection& db, std::int64_t id);

}  // namespace purgatory::file

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/memory/space.hpp"
#include "purgatory/codec.hpp"
#include "purgatory/failed_job.hpp"

namespace purgatory::memory {

/// One job in one block of memory: this header with what the indexes ask for, and right behind it
/// the job_id and the three parts of the record codec. Only version and links ever change.
class Record {
 public:
  static constexpr Time kNever = Time::max();

  Record* previous_of_resource = nullptr;
  Record* next_of_resource = nullptr;
  Version version = 0;
  Time failed_at{};
  Time action_at = kNever;  ///< next_action_at of the retention
  std::uint32_t id_hash = 0;
  std::uint32_t resource_hash = 0;
  std::uint32_t status_hash = 0;  ///< Of failure_status, the filter that is asked for most.
  std::uint32_t logical_bytes = 0;
  bool held = false;
  bool names_archive = false;
  bool has_resource = false;

  [[nodiscard]] std::string_view job_id() const noexcept { return {bytes(), id_size_}; }
  [[nodiscard]] std::string_view fields() const noexcept {
    return {bytes() + id_size_, fields_size_};
  }
  [[nodiscard]] std::string_view retention() const noexcept {
    return {bytes() + id_size_ + fields_size_, retention_size_};
  }
  [[nodiscard]] std::string_view payload() const noexcept {
    return {bytes() + id_size_ + fields_size_ + retention_size_, payload_size_};
  }

  /// What the block takes of the store's space, its places in the indexes included.
  [[nodiscard]] std::uint64_t footprint() const noexcept;

  /// Asks the processor for what a decode will read: walks name the records some steps ahead.
  void prefetch() const noexcept {
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kLines = 6;
    for (std::size_t line = 0; line < kLines; ++line) {
      __builtin_prefetch(reinterpret_cast<const char*>(this) + line * kLine);
    }
  }

 private:
  friend class RecordBuilder;
  friend struct RecordDeleter;

  Record() = default;
  [[nodiscard]] const char* bytes() const noexcept {
    return reinterpret_cast<const char*>(this) + sizeof(Record);
  }

  std::uint8_t id_size_ = 0;  // first: beside the flags above
  std::uint32_t fields_size_ = 0;
  std::uint32_t retention_size_ = 0;
  std::uint32_t payload_size_ = 0;
};

struct RecordDeleter {
  Space* space;
  void operator()(Record* record) const noexcept;
};
using RecordPtr = std::unique_ptr<Record, RecordDeleter>;

/// Makes records. One builder serves one call: it keeps its buffer.
class RecordBuilder {
 public:
  explicit RecordBuilder(Space& space) : space_(space) { buffer_.reserve(kUsualBytes); }

  /// A new record, or none if the space does not suffice now. Throws exhausted if it never can.
  [[nodiscard]] RecordPtr make(const FailedJob& job, const Stamp& stamp, Time recorded_at);

  /// The record again, with another retention. Takes its space in any case.
  [[nodiscard]] RecordPtr with_retention(const Record& record, std::string_view project,
                                         std::string_view group, const Retention& retention);

 private:
  static constexpr std::size_t kUsualBytes = 1024;

  struct Parts {
    std::string_view job_id;
    std::string_view fields;
    std::string_view retention;
    std::string_view payload;
  };

  [[nodiscard]] RecordPtr allocate(const Parts& parts) const;
  static void note_retention(Record& record, const Retention& retention) noexcept;

  Space& space_;
  std::string buffer_;
};

[[nodiscard]] std::uint32_t hash_of(std::string_view bytes) noexcept;

/// Decode a record; the project and the group are what its checksums were made with. Throw corrupt.
enum class WithPayload : bool { no, yes };
[[nodiscard]] Retention retention_of(const Record& record, std::string_view project,
                                     std::string_view group);
[[nodiscard]] StoredJob decode(const Record& record, std::string_view project,
                               std::string_view group, WithPayload with_payload);

}  // namespace purgatory::memory

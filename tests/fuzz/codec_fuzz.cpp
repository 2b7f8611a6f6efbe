// Whatever the bytes of a part are: it is read, or it is Error{corrupt}, and what was read can be
// written and read again.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/codec/bytes.hpp"
#include "purgatory/codec.hpp"
#include "purgatory/error.hpp"
#include "tests/fuzz/codec_input.hpp"
#include "tests/fuzz/demand.hpp"

namespace purgatory::fuzz {
namespace {

bool within(std::string_view view, std::string_view part) {
  return view.empty() ||
         (view.data() >= part.data() && view.data() + view.size() <= part.data() + part.size());
}

void read_fields(std::string_view part, std::uint32_t identity) {
  const codec::FieldsView view = codec::read_fields(part, identity);
  for (const std::string_view text :
       {view.job_type, view.resource_type, view.resource_id, view.resource_name,
        view.failure_status, view.error_code, view.fail_reason, view.labels}) {
    demand(within(text, part), "a view of fields borrows from the part");
  }
  FailedJob job;
  codec::copy(view, job);

  std::string again;
  codec::append_fields(again, identity, job, view.recorded_at);
  const codec::FieldsView second = codec::read_fields(again, identity);
  FailedJob copy;
  codec::copy(second, copy);
  demand(copy == job, "fields are equal when they are read again");
  demand(second.recorded_at == view.recorded_at, "recorded_at is equal when it is read again");
}

void read_retention(std::string_view part, std::uint32_t identity) {
  const codec::RetentionView view = codec::read_retention(part, identity);
  for (const std::string_view text :
       {view.rule, view.archive, view.rule_hold, view.hold_actor, view.hold_reason}) {
    demand(within(text, part), "a view of a retention borrows from the part");
  }
  const Retention retention = codec::copy(view);
  demand(held(retention) == view.held(), "a view is held as its copy is");

  std::string again;
  codec::append_retention(again, identity, retention);
  demand(codec::copy(codec::read_retention(again, identity)) == retention,
         "a retention is equal when it is read again");
}

void read_payload(std::string_view part, std::uint32_t identity) {
  const std::string_view payload = codec::read_payload(part, identity);
  demand(within(payload, part), "a payload borrows from the part");
  std::string again;
  codec::append_payload(again, identity, payload);
  demand(again == part, "a payload that can be read is written the same way");
}

void read(Part kind, std::string_view part, std::uint32_t identity) {
  switch (kind) {
    case Part::fields: read_fields(part, identity); break;
    case Part::retention: read_retention(part, identity); break;
    case Part::payload: read_payload(part, identity); break;
  }
}

void run(std::uint8_t first, std::string_view rest) {
  const std::uint32_t identity = codec::identity("project", "group", "job");
  std::string part(rest);
  if (mode_of(first) == Mode::sealed) {
    part.clear();
    codec::PartWriter writer(part, identity);
    writer.raw(rest);
    writer.finish();
  }
  try {
    read(part_of(first), part, identity);
  } catch (const Error& error) {
    demand(error.code() == ErrorCode::corrupt, "an error of a reader is `corrupt`");
    demand(mode_of(first) == Mode::raw || part_of(first) != Part::payload,
           "a payload with the right checksum can be read");
  }
}

}  // namespace
}  // namespace purgatory::fuzz

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  purgatory::fuzz::run(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}

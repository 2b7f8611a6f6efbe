// Writes the hand-made inputs of the codec's corpus into a directory: parts of real shape, and the
// ways in which they can be wrong.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "purgatory/codec.hpp"
#include "tests/fuzz/codec_input.hpp"

namespace {

using namespace purgatory;
using fuzz::Mode;
using fuzz::Part;

const std::uint32_t kIdentity = codec::identity("project", "group", "job");
constexpr std::size_t kChecksumBytes = 4;

using Inputs = std::map<std::string, std::string>;

Time at(std::int64_t millis) { return Time(std::chrono::milliseconds(millis)); }

std::string input(Part part, Mode mode, std::string_view bytes) {
  std::string text(1, static_cast<char>(fuzz::first_byte(part, mode)));
  text.append(bytes);
  return text;
}

/// A good part in both modes, and damaged as a disk would.
void add(Inputs& inputs, const std::string& name, Part kind, const std::string& part) {
  const std::string_view body = std::string_view(part).substr(kChecksumBytes);
  inputs[name + ".raw"] = input(kind, Mode::raw, part);
  inputs[name + ".sealed"] = input(kind, Mode::sealed, body);
  inputs[name + ".half"] = input(kind, Mode::sealed, body.substr(0, body.size() / 2));
  std::string flipped = part;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  inputs[name + ".flipped"] = input(kind, Mode::raw, flipped);
}

std::string fields(const FailedJob& job) {
  std::string part;
  codec::append_fields(part, kIdentity, job, at(1'700'000'001'000));
  return part;
}

std::string retention(const Retention& retention) {
  std::string part;
  codec::append_retention(part, kIdentity, retention);
  return part;
}

FailedJob full_job() {
  FailedJob job;
  job.job_type = "mail.send";
  job.resource_type = "disk";
  job.resource_id = "r-1";
  job.resource_name = "name";
  job.failure_status = "failed";
  job.error_code = "E42";
  job.fail_reason = std::string(130, '!');  // its length takes two bytes
  job.attempts = 300;
  job.labels = {{"k", ""}, {"zone", "eu"}};
  job.failed_at = at(1'700'000'000'000);
  return job;
}

void add_wrong_forms(Inputs& inputs) {
  const std::string head(16, '\0');
  const std::string texts(7, '\0');
  const std::string huge = std::string(9, '\xFF') + "\x01";
  const auto of_fields = [&](const char* name, const std::string& body) {
    inputs[std::string("fields-") + name] = input(Part::fields, Mode::sealed, body);
  };
  of_fields("number-too-long", head + std::string(11, '\xFF'));
  of_fields("attempts-too-large", head + "\xFF\xFF\xFF\xFF\x7F" + texts + '\0');
  of_fields("text-huge", head + '\0' + huge);
  of_fields("labels-huge", head + '\0' + texts + huge);
  of_fields("labels-equal-keys", head + '\0' + texts + "\x02\x01k\x01v\x01k\x01w");
  of_fields("labels-unsorted", head + '\0' + texts + std::string("\x02\x01z\0\x01k\0", 7));
  of_fields("longer", head + '\0' + texts + '\0' + "more");
  const auto of_retention = [&](const char* name, const std::string& body) {
    inputs[std::string("retention-") + name] = input(Part::retention, Mode::sealed, body);
  };
  of_retention("unknown-member", std::string("\x20\0\0\0", 4));
  of_retention("until-without-hold", std::string("\x08\0\0\0", 4));
  of_retention("longer", std::string("\0\0\0\0more", 8));
  of_retention("time-cut", std::string("\x01\0\0\0\1\2\3", 7));
}

Inputs inputs() {
  Inputs inputs;
  add(inputs, "fields-empty", Part::fields, fields(FailedJob()));
  add(inputs, "fields-full", Part::fields, fields(full_job()));
  add(inputs, "retention-empty", Part::retention, retention(Retention()));
  Retention full;
  full.stamp = {"rule", at(5), at(6), "tape", "law"};
  full.hold = Hold{"ann", "audit", at(7)};
  full.resolved_at = at(8);
  add(inputs, "retention-full", Part::retention, retention(full));
  full.hold->until.reset();
  add(inputs, "retention-hold", Part::retention, retention(full));
  std::string payload;
  codec::append_payload(payload, kIdentity, std::string("any\0bytes\xFF", 10));
  add(inputs, "payload", Part::payload, payload);
  inputs["payload-none"] = input(Part::payload, Mode::sealed, "");
  inputs["payload-cut"] = input(Part::payload, Mode::raw, "\x01\x02\x03");
  add_wrong_forms(inputs);
  return inputs;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_codec_corpus DIRECTORY\n";
    return 2;
  }
  for (const auto& [name, bytes] : inputs()) {
    std::ofstream file(std::filesystem::path(arguments[1]) / name, std::ios::binary);
    file << bytes;
    if (!file.flush()) {
      std::cerr << "cannot write " << name << "\n";
      return 1;
    }
  }
  return 0;
}

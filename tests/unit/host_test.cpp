#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;

TEST_CASE("a purge id is 48 bits of the time and 80 random ones in hex") {
  Host host;
  std::uint64_t next = 0x1122'3344'5566'7788U;
  host.random = [&next] { return next++; };
  const std::string id = new_purge_id(host, at(0x0123'4567'89AB));
  CHECK(id.size() == 32);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(id.substr(0, 12) == "0123456789ab");
}

TEST_CASE("purge ids sort by time") {
  const Host host;
  std::string last;
  for (const std::int64_t time :
       {0LL, 1LL, 255LL, 256LL, 1'700'000'000'000LL, 253'402'300'799'999LL}) {
    const std::string id = new_purge_id(host, at(time));
    CHECK(id.size() == 32);
    CHECK(last < id);
    last = id;
  }
}

TEST_CASE("purge ids of one moment differ") {
  const Host host;
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(new_purge_id(host, at(5)));
  CHECK(ids.size() == 10'000);
}

TEST_CASE("both random numbers of a purge id count") {
  Host host;
  std::uint64_t drawn = 0;
  host.random = [&drawn] { return drawn++ == 0 ? 1U : 0U; };
  const std::string first = new_purge_id(host, at(0));
  drawn = 1;
  const std::string none = new_purge_id(host, at(0));
  CHECK(first != none);
  CHECK(drawn == 3);
}

TEST_CASE("a call reads the host's clock once") {
  Host host;
  int reads = 0;
  host.clock = [&reads] { return at(1000 + reads++); };
  const auto before = std::chrono::steady_clock::now();
  const Call call = begin_call(host, std::chrono::seconds(2));
  const auto after = std::chrono::steady_clock::now();
  CHECK(reads == 1);
  CHECK(call.now == at(1000));
  CHECK(call.deadline >= before + std::chrono::seconds(2));
  CHECK(call.deadline <= after + std::chrono::seconds(2));
}

TEST_CASE("a call may take for ever") {
  const Call call = begin_call(Host(), std::chrono::milliseconds::max());
  CHECK(call.deadline == std::chrono::steady_clock::time_point::max());
}

TEST_CASE("the default host has a clock, randomness and silence") {
  const Host host;
  const auto before =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  CHECK(host.clock() >= before);
  CHECK(host.random() != host.random());
  CHECK_NOTHROW(host.log({}));
  CHECK_FALSE(host.metric);
}

TEST_CASE("threads do not draw the same random numbers") {
  std::uint64_t other = 0;
  std::thread([&other] { other = Host::system_random(); }).join();
  CHECK(other != Host::system_random());
}

}  // namespace
}  // namespace purgatory

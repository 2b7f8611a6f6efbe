// A plugin that is wrong in the one way that HOSTILE names; "plain" is one that is right.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "purgatory/error.hpp"
#include "purgatory/plugin.hpp"

extern "C" void purgatory_test_nobody_defines_this();
extern "C" void purgatory_test_absent_library();

namespace {

using purgatory::Error;
using purgatory::ErrorCode;
using purgatory::Option;
using purgatory::OptionType;
using purgatory::plugin::Descriptor;

constexpr bool is(std::string_view way) { return way == HOSTILE; }

/// The proof that code of this file ran.
__attribute__((constructor)) void leave_mark() {
  if (const char* mark = std::getenv("PURGATORY_TEST_MARK")) ::close(::creat(mark, 0600));
}

class OwnException : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::unique_ptr<purgatory::FailedJobRepository> open_nothing(const purgatory::Options& /*options*/,
                                                             const purgatory::Host& /*host*/) {
  if (is("throws_own")) throw OwnException("the disk is on fire");
  if (is("throws_number")) throw 42;
  if (is("throws_error")) throw Error(ErrorCode::unavailable, "no server at db.example", "tested");
#ifdef HOSTILE_UNDEFINED
  purgatory_test_nobody_defines_this();
#endif
#ifdef HOSTILE_ABSENT
  purgatory_test_absent_library();
#endif
  return nullptr;
}

constexpr Option make_option() {
  Option option{.key = "size", .type = OptionType::bytes, .help = "How much."};
  if (is("bad_key")) option.key = "Size";
  if (is("null_key")) option.key = nullptr;
  if (is("long_key")) option.key = "a_key_that_has_thirty_three_bytes";
  if (is("unknown_type")) option.type = static_cast<OptionType>(99);
  if (is("null_help")) option.help = nullptr;
  if (is("required_with_default")) {
    option.required = true;
    option.default_value = "1KiB";
  }
  if (is("unreadable_default")) option.default_value = "much";
  if (is("default_out_of_range")) {
    option.default_value = "1MiB";
    option.most = 1024;
  }
  if (is("impossible_range")) {
    option.least = 2;
    option.most = 1;
  }
  if (is("secret_number")) option.secret = true;
  if (is("secret_with_default")) {
    option.type = OptionType::text;
    option.secret = true;
    option.default_value = "1234";
  }
  if (is("list_with_default")) {
    option.type = OptionType::list;
    option.default_value = "a";
  }
  if (is("choice_of_nothing")) option.type = OptionType::choice;
  return option;
}

constexpr std::array kOptions{
    make_option(), Option{.key = is("key_twice") ? "size" : "other", .help = "Something else."}};

constexpr Descriptor make_descriptor() {
  Descriptor descriptor{.size = sizeof(Descriptor),
                        .abi = purgatory::plugin::kAbi,
                        .build_tag = PURGATORY_BUILD_TAG,
                        .compiler = "some compiler",
                        .name = "tested",
                        .version = "1.0",
                        .options = kOptions.data(),
                        .option_count = kOptions.size(),
                        .open = open_nothing};
  if (is("wrong_abi")) descriptor.abi = 7;
  if (is("wrong_size")) descriptor.size = 8;
  if (is("wrong_build_tag")) descriptor.build_tag = "libfuture++";
  if (is("null_build_tag")) descriptor.build_tag = descriptor.compiler = nullptr;
  if (is("wrong_name")) descriptor.name = "another";
  if (is("null_name")) descriptor.name = nullptr;
  if (is("null_version")) descriptor.version = nullptr;
  if (is("null_open")) descriptor.open = nullptr;
  if (is("null_table")) descriptor.options = nullptr;
  if (is("too_many_options")) descriptor.option_count = 257;
  if (is("second")) descriptor.version = "2.0";
  return descriptor;
}

}  // namespace

extern "C" {
#define HOSTILE_EXPORT __attribute__((visibility("default")))
HOSTILE_EXPORT extern constinit const Descriptor PURGATORY_PLUGIN_SYMBOL;
constinit const Descriptor PURGATORY_PLUGIN_SYMBOL = make_descriptor();
#ifdef HOSTILE_SECOND_SYMBOL
HOSTILE_EXPORT extern constinit const Descriptor HOSTILE_SECOND_SYMBOL;
constinit const Descriptor HOSTILE_SECOND_SYMBOL = make_descriptor();
#endif
}

#include "tests/loader/fixture.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "core/plugin/loader.hpp"

namespace purgatory::loader_test {
namespace {

constexpr const char* kMark = "PURGATORY_TEST_MARK";

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void replace_all(std::string& text, const std::string& from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// How a refusal words the kind of this machine.
std::string machine_words() {
  std::string program(20, 0);
  std::ifstream("/proc/self/exe", std::ios::binary).read(program.data(), 20);
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(program.at(at)); };
  const bool little = byte(EI_DATA) == ELFDATA2LSB;
  return fmt::format("ELF machine {}", byte(little ? 18 : 19) + 256U * byte(little ? 19 : 18));
}

/// What has to be said. PURGATORY_REWRITE_EXPECTED=1 in the environment takes what is said instead.
std::string expected_text(const std::string& name, const std::string& said) {
  const fs::path file = fs::path(PURGATORY_TEST_REFUSED) / (name + ".expected");
  if (std::getenv("PURGATORY_REWRITE_EXPECTED") != nullptr) std::ofstream(file) << said << '\n';
  std::string text = read_file(file);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Place::Place() {
  std::string pattern = (fs::canonical(fs::temp_directory_path()) / "purgatory-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), pattern);
  }
  fs::permissions(pattern, fs::perms{0755});
  directory_ = fs::path(pattern) / "plugins";
  (void)make_directory("plugins");
  ::setenv(kMark, (above() / "mark").c_str(), 1);
}

Place::~Place() {
  ::unsetenv(kMark);
  std::error_code ignored;
  fs::remove_all(above(), ignored);
}

fs::path Place::put(std::string_view way, fs::perms mode) const {
  copy_as(fs::path(PURGATORY_TEST_HOSTILE) / fmt::format("purgatory_hostile_{}.so", way), file(),
          mode);
  return file();
}

fs::path Place::write(std::string_view text) const {
  std::ofstream(file(), std::ios::binary) << text;
  fs::permissions(file(), fs::perms{0644});
  return file();
}

fs::path Place::make_directory(std::string_view name) const {
  fs::path made = above() / name;
  fs::create_directory(made);
  fs::permissions(made, fs::perms{0755});
  return made;
}

bool Place::code_ran() const { return fs::exists(above() / "mark"); }

std::string Place::without_machine(std::string text) const {
  const Variable no_path("PURGATORY_PLUGIN_PATH", std::nullopt);
  const auto directories = plugin::directories({});
  std::string backends;
  for (const std::string& name : plugin::available({})) {
    backends += (backends.empty() ? "" : ", ") + name;
  }
  if (!backends.empty()) replace_all(text, "there are: " + backends, "there are: <backends>");
  replace_all(text, directory_.string(), "<dir>");
  replace_all(text, above().string(), "<above>");
  replace_all(text, directories.at(0).string(), "<beside>");
  replace_all(text, directories.at(1).string(), "<installed>");
  replace_all(text, __VERSION__, "<compiler>");
  replace_all(text, machine_words(), "ELF machine <this>");
  return text;
}

void copy_as(const fs::path& from, const fs::path& to, fs::perms mode) {
  fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  fs::permissions(to, mode);
}

Variable::Variable(std::string name, const std::optional<std::string>& value)
    : name_(std::move(name)) {
  if (const char* before = std::getenv(name_.c_str())) before_ = before;
  if (value) {
    ::setenv(name_.c_str(), value->c_str(), 1);
  } else {
    ::unsetenv(name_.c_str());
  }
}

Variable::~Variable() {
  if (before_) {
    ::setenv(name_.c_str(), before_->c_str(), 1);
  } else {
    ::unsetenv(name_.c_str());
  }
}

OtherUser::OtherUser() {
  if (::geteuid() == 0 && ::seteuid(kId) != 0) {
    throw std::system_error(errno, std::generic_category(), "seteuid");
  }
}

OtherUser::~OtherUser() {
  if (::getuid() == 0 && ::seteuid(0) != 0) std::abort();
}

bool is_root(std::string_view what) {
  if (::geteuid() == 0) return true;
  std::cout << "not run: " << what << ": it takes root to give files to another user\n";
  return false;
}

void check(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    INFO("refused: " << refusal.name);
    if (refusal.needs_root && !is_root(refusal.name)) continue;
    const Place place;
    std::optional<Error> error;
    try {
      refusal.attempt(place);
    } catch (const Error& thrown) {
      error = thrown;
    }
    if (!error) {
      FAIL_CHECK("it was not refused");
      continue;
    }
    CHECK(error->code() == refusal.code);
    const std::string said = place.without_machine(error->what());
    CHECK(said == expected_text(refusal.name, said));
    CHECK(place.code_ran() == refusal.code_runs);
  }
}

void load(const Place& place, bool allow_insecure) {
  (void)plugin::load(place.file(), kName, allow_insecure);
}

Config config_for(std::string_view backend, const fs::path& directory) {
  Config config;
  config.repository.backend = backend;
  config.plugins.path = {directory.string()};
  return config;
}

fs::path memory_plugin() {
  const Variable no_path("PURGATORY_PLUGIN_PATH", std::nullopt);
  return plugin::directories({}).front() / "purgatory_memory.so";
}

fs::path origin_of(const plugin::Descriptor& descriptor) {
  Dl_info info{};
  REQUIRE(::dladdr(&descriptor, &info) != 0);
  return fs::canonical(info.dli_fname);
}

std::uint64_t record_one(FailedJobRepository& jobs, const Host& host) {
  FailedJob failed;
  failed.project = "shop";
  failed.group = "payments";
  failed.job_id = "capture-4711";
  failed.error_code = "TIMEOUT";
  failed.failed_at = host.clock();
  const Stamp stamp;
  const Recording recording{&failed, &stamp};
  jobs.record(begin_call(host), "shop", {&recording, 1}, {}, {});
  return jobs.count(begin_call(host), {.scope = Scope::project("shop"), .filter = {}}, 10);
}

}  // namespace purgatory::loader_test

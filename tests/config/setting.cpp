#include "tests/config/setting.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace purgatory::config_test {
namespace {

void set(const char* name, const std::optional<std::string>& value) {
  const int failed = value ? ::setenv(name, value->c_str(), 1) : ::unsetenv(name);
  REQUIRE(failed == 0);
}

}  // namespace

WorkingDirectory::WorkingDirectory() : before_(fs::current_path()) {
  std::string name = (fs::temp_directory_path() / "purgatory-config-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = fs::canonical(name);
  fs::current_path(path_);
}

WorkingDirectory::~WorkingDirectory() {
  std::error_code ignored;
  fs::current_path(before_, ignored);
  fs::remove_all(path_, ignored);
}

Variable::Variable(const char* name, std::optional<std::string> value) : name_(name) {
  if (const char* const before = std::getenv(name)) before_ = before;
  set(name_, value);
}

Variable::~Variable() { set(name_, before_); }

void write(const fs::path& file, std::string_view text) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  REQUIRE(stream);
}

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  INFO(file);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string sample(std::string_view options) {
  std::string text = "version: 1\nrepository:\n  backend: sample\n  sample:\n";
  std::istringstream lines{std::string(options)};
  for (std::string line; std::getline(lines, line);) text += "    " + line + "\n";
  return text;
}

Options options_of(std::string_view options) {
  return Config::parse(sample(options), "sample.yaml").repository.options;
}

std::string mistakes_of(std::string_view text) {
  const Error error = error_of([&] { return Config::parse(text, "c.yaml"); });
  CHECK(error.code() == ErrorCode::config);
  CHECK(error.backend().empty());
  return error.what();
}

}  // namespace purgatory::config_test

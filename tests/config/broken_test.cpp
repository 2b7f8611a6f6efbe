// Each broken configuration in broken/ beside the exact text that refuses it.
//
// After a change of messages, write the expected texts anew and read what git says has changed:
//
//     PURGATORY_REWRITE_EXPECTED=1 ./dev test -R config/

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/plugin/loader.hpp"
#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

const fs::path kBroken = PURGATORY_BROKEN_CONFIGS;

/// What the files in broken/ speak of.
class Surroundings {
 public:
  Surroundings() {
    write("secrets/password", "hunter2\n");
    write("secrets/empty", "");
    write("secrets/line_end", "\n");
    write("secrets/large", std::string(65'537, 'h'));
  }

  /// The error text of a configuration, names of this machine's directories replaced.
  [[nodiscard]] std::string refuse(const fs::path& file) const {
    const Error error =
        error_of([&] { return Config::parse(read(file), file.filename().string()); });
    CHECK(error.code() == ErrorCode::config);
    std::string text = error.what();
    const auto directories = plugin::directories({});
    REQUIRE(directories.size() == 3);
    replace(text, directories[0], "<plugins>");
    replace(text, directories[1], "<beside the library>");
    replace(text, directories[2], "<installed>");
    replace(text, directory_.path(), "<here>");
    replace(text, directory_.path().parent_path(), "<above>");
    return text + "\n";
  }

 private:
  static void replace(std::string& text, const fs::path& directory, std::string_view placeholder) {
    const std::string name = directory.string();
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) {
      text.replace(at, name.size(), placeholder);
    }
  }

  WorkingDirectory directory_;
  Variable unset_{"UNSET", std::nullopt};
  Variable empty_{"EMPTY", ""};
  Variable secret_{"SECRET", "hunter2"};
  Variable number_{"NUMBER", "4711"};
};

std::vector<fs::path> broken_files(std::string_view extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kBroken)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

fs::path expected_of(fs::path file) { return file.replace_extension(".expected"); }

TEST_CASE("a broken configuration is refused with exactly the text beside it") {
  const Surroundings surroundings;
  for (const fs::path& file : broken_files(".yaml")) {
    INFO(file.filename().string());
    const std::string text = surroundings.refuse(file);
    if (std::getenv("PURGATORY_REWRITE_EXPECTED") != nullptr) write(expected_of(file), text);
    CHECK(text == read(expected_of(file)));
  }
}

TEST_CASE("no message shows a secret or the value of a variable") {
  for (const fs::path& file : broken_files(".expected")) {
    INFO(file.filename().string());
    const std::string text = read(file);
    CHECK(text.find("hunter") == std::string::npos);
    CHECK(text.find("4711") == std::string::npos);
  }
}

TEST_CASE("each expected text has its broken configuration, and there are many") {
  CHECK(broken_files(".yaml").size() >= 300);
  CHECK(broken_files(".yaml").size() == broken_files(".expected").size());
}

}  // namespace
}  // namespace purgatory::config_test

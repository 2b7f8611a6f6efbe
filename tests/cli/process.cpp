#include "tests/cli/process.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace purgatory::cli_test {

std::filesystem::path write(const TemporaryDirectory& directory, const std::string& name,
                            const std::string& text) {
  const auto file = directory.path() / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot be read: " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      ::popen(("{ " + command + "; } 2>&1").c_str(), "r"), ::pclose);
  if (pipe == nullptr) throw std::runtime_error("popen: " + command);
  std::string output;
  std::array<char, 4096> part{};
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe.get())) {
    output.append(part.data(), size);
  }
  return output;
}

std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char byte : text) word += byte == '\'' ? R"('\'')" : std::string(1, byte);
  return word + "'";
}

}  // namespace purgatory::cli_test

#include "core/archive/name.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/archive/checksum.hpp"

namespace purgatory::archive {
namespace {

constexpr std::size_t kMostBytes = 200;
constexpr std::size_t kBeginBytes = 100;
constexpr std::string_view kTemporarySuffix = ".tmp";

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool is_plain(char byte) {
  return is_digit(byte) || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         byte == '-' || byte == '_' || byte == '.';
}

}  // namespace

std::string directory_name(std::string_view id) {
  std::string name;
  std::size_t begin = 0;  // as much of the name as a long one keeps
  for (const char byte : id) {
    if (is_plain(byte) && !(name.empty() && byte == '.')) {
      name += byte;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    if (name.size() <= kBeginBytes) begin = name.size();
  }
  if (name.size() <= kMostBytes) return name;
  return fmt::format("{}~{}", std::string_view(name).substr(0, begin), checksum(id));
}

bool is_directory_name(std::string_view name) {
  return !name.starts_with('.') && std::ranges::all_of(name, [](char byte) {
    return is_plain(byte) || byte == '%' || byte == '~';
  });
}

std::string segment_name(std::uint64_t number) { return fmt::format("{:06}", number); }

std::string temporary_name(std::string_view name, std::uint64_t random) {
  return fmt::format(".{}.{}-{:016x}{}", name, ::getpid(), random, kTemporarySuffix);
}

bool is_temporary(std::string_view name) {
  return name.size() > 2 && name[0] == '.' && is_digit(name[1]) && name.ends_with(kTemporarySuffix);
}

}  // namespace purgatory::archive

// Files that are refused before any of their code runs.

#include <elf.h>
#include <link.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <string_view>
#include <vector>

#include "core/plugin/elf.hpp"
#include "core/plugin/file.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/loader.hpp"
#include "tests/loader/fixture.hpp"

namespace purgatory::loader_test {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Segment = ElfW(Phdr);

constexpr std::uint64_t kFar = std::uint64_t{1} << 40;
/// Less than any size that a damaged file claims, and more than a sanitizer takes for itself.
constexpr long kMostKibibytes = 1 << 20;

template <typename Type>
Type read_at(const fs::path& file, std::uint64_t offset) {
  Type value{};
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(offset));
  stream.read(reinterpret_cast<char*>(&value), sizeof(value));
  REQUIRE(stream);
  return value;
}

template <typename Type>
void write_at(const fs::path& file, std::uint64_t offset, const Type& value) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.write(reinterpret_cast<const char*>(&value), sizeof(value));
  REQUIRE(stream);
}

/// Changes the headers of a copy of the plugin that is right, then loads that.
template <typename Change>
void load_with_header(const Place& place, Change change) {
  const fs::path file = place.put("plain");
  auto header = read_at<Header>(file, 0);
  change(header);
  write_at(file, 0, header);
  load(place);
}

/// The same for the first section of a type.
template <typename Change>
void load_with_section(const Place& place, std::uint32_t type, Change change) {
  const fs::path file = place.put("plain");
  const auto header = read_at<Header>(file, 0);
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const std::uint64_t offset = header.e_shoff + i * sizeof(Section);
    auto section = read_at<Section>(file, offset);
    if (section.sh_type != type) continue;
    change(section);
    write_at(file, offset, section);
    break;
  }
  load(place);
}

void load_with_length(const Place& place, std::uint64_t bytes) {
  fs::resize_file(place.put("plain"), bytes);
  load(place);
}

void link_to(const Place& place, const fs::path& target) {
  fs::create_symlink(target, place.file());
  load(place);
}

long peak_kibibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

std::vector<Refusal> refusals_of_damage() {
  return {
      {"empty_file",
       [](const Place& place) {
         place.write("");
         load(place);
       }},
      {"text_file",
       [](const Place& place) {
         place.write("not what it seems\n");
         load(place);
       }},
      {"beginning_of_header", [](const Place& place) { load_with_length(place, 40); }},
      {"truncated",
       [](const Place& place) { load_with_length(place, fs::file_size(place.put("plain")) / 2); }},
      {"sections_outside",
       [](const Place& place) {
         load_with_header(place, [](Header& header) { header.e_shoff = kFar; });
       }},
      {"sections_overflow",
       [](const Place& place) {
         load_with_header(place, [](Header& header) { header.e_shoff = UINT64_MAX - 64; });
       }},
      {"no_sections",
       [](const Place& place) {
         load_with_header(place, [](Header& header) {
           header.e_shoff = 0;
           header.e_shnum = header.e_shstrndx = 0;
         });
       }},
      {"section_names_elsewhere",
       [](const Place& place) {
         load_with_header(place, [](Header& header) { header.e_shstrndx = header.e_shnum; });
       }},
      {"section_size_unknown",
       [](const Place& place) {
         load_with_header(place, [](Header& header) { header.e_shentsize = 1; });
       }},
      {"huge_symbols",
       [](const Place& place) {
         load_with_section(place, SHT_DYNSYM, [](Section& section) { section.sh_size = kFar; });
       }},
      {"half_a_symbol",
       [](const Place& place) {
         load_with_section(place, SHT_DYNSYM, [](Section& section) { section.sh_size = 1; });
       }},
      {"huge_names",
       [](const Place& place) {
         load_with_section(place, SHT_STRTAB, [](Section& section) { section.sh_size = kFar; });
       }},
      {"endless_names",
       [](const Place& place) {
         load_with_section(place, SHT_STRTAB,
                           [](Section& section) { section.sh_size = UINT64_MAX; });
       }},
      {"section_names_absent",
       [](const Place& place) {
         const fs::path file = place.put("plain");
         const auto header = read_at<Header>(file, 0);
         const std::uint64_t offset = header.e_shoff + header.e_shstrndx * sizeof(Section);
         auto section = read_at<Section>(file, offset);
         section.sh_type = SHT_NOBITS;
         section.sh_size = kFar;
         write_at(file, offset, section);
         load(place);
       }},
      {"segments_outside",
       [](const Place& place) {
         const fs::path file = place.put("plain");
         const auto header = read_at<Header>(file, 0);
         auto segment = read_at<Segment>(file, header.e_phoff);
         segment.p_filesz = kFar;
         write_at(file, header.e_phoff, segment);
         load(place);
       }},
      {"another_processor",
       [](const Place& place) {
         load_with_header(place, [](Header& header) { header.e_machine = EM_MIPS; });
       }},
      {"another_word_size",
       [](const Place& place) {
         load_with_header(place, [](Header& header) {
           header.e_ident[EI_CLASS] = sizeof(void*) == 8 ? ELFCLASS32 : ELFCLASS64;
         });
       }},
      {"another_byte_order",
       [](const Place& place) {
         load_with_header(place, [](Header& header) {
           header.e_ident[EI_DATA] =
               header.e_ident[EI_DATA] == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
           header.e_machine = __builtin_bswap16(header.e_machine);
         });
       }},
  };
}

}  // namespace

std::vector<Refusal> refusals_of_files() {
  std::vector<Refusal> refusals = refusals_of_damage();
  const std::vector<Refusal> others{
      {"missing", [](const Place& place) { load(place); }},
      {"directory",
       [](const Place& place) {
         fs::create_directory(place.file());
         load(place);
       }},
      {"fifo",
       [](const Place& place) {
         REQUIRE(::mkfifo(place.file().c_str(), 0600) == 0);
         load(place);
       }},
      {"program",
       [](const Place& place) {
         copy_as("/proc/self/exe", place.file());
         load(place);
       }},
      {"no_descriptor",
       [](const Place& place) {
         place.put("no_descriptor");
         load(place);
       }},
      {"later_interface",
       [](const Place& place) {
         place.put("later_interface");
         load(place);
       }},
      {"two_interfaces",
       [](const Place& place) {
         place.put("two_interfaces");
         load(place);
       }},
      {"link_elsewhere",
       [](const Place& place) {
         const fs::path target = place.make_directory("elsewhere") / "purgatory_tested.so";
         fs::rename(place.put("plain"), target);
         link_to(place, target);
       }},
      {"dangling_link", [](const Place& place) { link_to(place, "purgatory_gone.so"); }},
      {"link_to_itself", [](const Place& place) { link_to(place, "purgatory_tested.so"); }},
      {"relative_path",
       [](const Place& place) {
         const fs::path before = fs::current_path();
         fs::current_path(place.put("plain").parent_path());
         try {
           (void)plugin::load("purgatory_tested.so", kName, false);
         } catch (...) {
           fs::current_path(before);
           throw;
         }
       }},
      {"empty_path", [](const Place&) { (void)plugin::load("", kName, false); }},
      {"unreadable",
       [](const Place& place) {
         place.put("plain", fs::perms{0000});
         const OtherUser user;
         load(place);
       }},
      {"deleted_meanwhile",
       [](const Place& place) {
         const fs::path file = plugin::locate_file(place.put("plain"));
         plugin::check_exports(file);
         fs::remove(file);
         (void)plugin::load_library(file);
       }},
      {"deleted_before_the_check",
       [](const Place& place) {
         const fs::path file = plugin::locate_file(place.put("plain"));
         fs::remove(file);
         plugin::check_exports(file);
       }},
  };
  refusals.insert(refusals.end(), others.begin(), others.end());
  return refusals;
}

TEST_CASE("a file that is no plugin is refused before its code runs") {
  const long before = peak_kibibytes();
  check(refusals_of_files());
  // None of the sizes that a damaged file claims was believed.
  CHECK(peak_kibibytes() - before < kMostKibibytes);
}

TEST_CASE("no damaged byte of the headers does more than to get the file refused") {
  const Place place;
  const fs::path file = place.put("plain");
  const auto header = read_at<Header>(file, 0);
  std::vector<std::uint64_t> offsets;
  for (std::uint64_t i = 0; i < sizeof(Header); ++i) offsets.push_back(i);
  for (std::uint64_t i = 0; i < header.e_shnum * sizeof(Section); ++i) {
    offsets.push_back(header.e_shoff + i);
  }
  const long before = peak_kibibytes();
  for (const std::uint64_t offset : offsets) {
    const auto whole = read_at<unsigned char>(file, offset);
    for (const int damage : {0x01, 0x80, 0xFF}) {
      write_at(file, offset, static_cast<unsigned char>(whole ^ damage));
      try {
        plugin::check_exports(file);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::plugin) FAIL_CHECK(error.what());
      }
    }
    write_at(file, offset, whole);
  }
  CHECK_FALSE(place.code_ran());
  CHECK(peak_kibibytes() - before < kMostKibibytes);
  plugin::check_exports(file);
}

}  // namespace purgatory::loader_test

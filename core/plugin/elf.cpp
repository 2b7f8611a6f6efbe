#include "core/plugin/elf.hpp"

#include <elf.h>
#include <fmt/ranges.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/dll/library_info.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "core/plugin/refuse.hpp"
#include "purgatory/plugin.hpp"

namespace purgatory::plugin {
namespace {

namespace fs = std::filesystem;

/// What kind of machine a library is for: word size, byte order and processor.
using Machine = std::array<unsigned char, 4>;
constexpr Machine kThisMachine {
  sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32,
      std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB,
#if defined(__x86_64__)
      EM_X86_64,
#elif defined(__aarch64__)
      EM_AARCH64,
#elif defined(__riscv)
      EM_RISCV,
#elif defined(__powerpc64__)
      EM_PPC64,
#elif defined(__s390x__)
      EM_S390,
#elif defined(__arm__)
      EM_ARM,
#elif defined(__i386__)
      EM_386,
#else
#error "add this processor"
#endif
      0
};

Machine machine_of(const fs::path& file) {
  // The ELF header begins the same for all machines: magic, class, data ... type (2), machine (2).
  std::array<unsigned char, 20> header{};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    refuse("plugin {} cannot be read: {}", file.string(),
           std::error_code(errno, std::generic_category()).message());
  }
  stream.read(reinterpret_cast<char*>(header.data()), header.size());
  if (!stream || std::memcmp(header.data(), ELFMAG, SELFMAG) != 0) {
    refuse("plugin {} is no shared library (not ELF); build or copy it again", file.string());
  }
  const bool little = header[EI_DATA] == ELFDATA2LSB;
  return {header[EI_CLASS], header[EI_DATA], header[little ? 18 : 19], header[little ? 19 : 18]};
}

std::string machine_text(const Machine& machine) {
  return fmt::format("{} bits, {} endian, ELF machine {}", machine[0] == ELFCLASS32 ? 32 : 64,
                     machine[1] == ELFDATA2LSB ? "little" : "big",
                     static_cast<unsigned>(machine[2]) + 256U * machine[3]);
}

/// Whether all parts that the headers of an ELF file for this machine speak of are in it. Who reads
/// them later, Boost and the dynamic loader, believes the headers: a damaged length would be so
/// many bytes of memory, a segment behind the end of the file a SIGBUS.
class Extent {
 public:
  explicit Extent(const fs::path& file) : stream_(file, std::ios::binary | std::ios::ate) {
    if (stream_) size_ = static_cast<std::uint64_t>(stream_.tellg());
  }

  [[nodiscard]] bool is_whole() {
    const auto headers = read<Header>(0, 1);
    if (headers.empty()) return false;
    const Header& header = headers.front();
    if (header.e_shentsize != sizeof(Section) || header.e_phentsize != sizeof(Segment)) {
      return false;
    }
    const auto sections = read<Section>(header.e_shoff, header.e_shnum);
    const auto segments = read<Segment>(header.e_phoff, header.e_phnum);
    if (header.e_shstrndx >= sections.size() || segments.empty()) return false;
    const Section& names = sections[header.e_shstrndx];
    return has(names.sh_offset, names.sh_size) &&
           std::ranges::all_of(sections, [&](const Section& section) { return has(section); }) &&
           std::ranges::all_of(segments, [&](const Segment& segment) {
             return has(segment.p_offset, segment.p_filesz);
           });
  }

 private:
  using Header = ElfW(Ehdr);
  using Section = ElfW(Shdr);
  using Segment = ElfW(Phdr);

  [[nodiscard]] bool has(std::uint64_t offset, std::uint64_t bytes) const {
    return offset <= size_ && bytes <= size_ - offset;
  }

  [[nodiscard]] bool has(const Section& section) const {
    if (section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS) return true;
    const bool has_symbols = section.sh_type == SHT_SYMTAB || section.sh_type == SHT_DYNSYM;
    return has(section.sh_offset, section.sh_size) &&
           (!has_symbols || section.sh_size % sizeof(ElfW(Sym)) == 0);
  }

  /// Empty: they are not all in the file.
  template <typename Entry>
  [[nodiscard]] std::vector<Entry> read(std::uint64_t offset, std::size_t count) {
    if (!has(offset, count * sizeof(Entry))) return {};
    std::vector<Entry> entries(count);
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(reinterpret_cast<char*>(entries.data()),
                 static_cast<std::streamsize>(count * sizeof(Entry)));
    return stream_ ? entries : std::vector<Entry>();
  }

  std::ifstream stream_;
  std::uint64_t size_ = 0;
};

}  // namespace

void check_exports(const fs::path& file) {
  if (const Machine machine = machine_of(file); machine != kThisMachine) {
    refuse("plugin {} was built for another kind of machine ({}), this one has {}", file.string(),
           machine_text(machine), machine_text(kThisMachine));
  }
  if (!Extent(file).is_whole()) {
    refuse(
        "plugin {} is damaged: its headers speak of parts that it does not have; build or copy "
        "it again",
        file.string());
  }
  std::vector<std::string> symbols;
  try {
    symbols = boost::dll::library_info(file).symbols();
  } catch (const std::exception& error) {
    refuse("plugin {} is damaged: {}", file.string(), error.what());
  }
  const std::string prefix = "purgatory_plugin_v";
  const std::string ours = prefix + std::to_string(kAbi);
  std::erase_if(symbols, [&](const std::string& symbol) { return !symbol.starts_with(prefix); });
  std::ranges::sort(symbols);
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  if (symbols.empty()) {
    refuse(
        "plugin {} is no plugin: it exports no {} (see PURGATORY_PLUGIN in purgatory/plugin.hpp)",
        file.string(), ours);
  }
  if (symbols != std::vector{ours}) {
    refuse(
        "plugin {} was built for another plugin interface: it exports {}, this library reads {} "
        "alone; build it with this library's headers",
        file.string(), fmt::format("{}", fmt::join(symbols, " and ")), ours);
  }
}

}  // namespace purgatory::plugin

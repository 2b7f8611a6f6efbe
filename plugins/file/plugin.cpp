// The file backend as a plugin: its options, and how it is opened.

#include "purgatory/plugin.hpp"

#include <array>
#include <filesystem>

#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

constexpr std::array kOptions{
    Option{.key = "path",
           .type = OptionType::path,
           .required = true,
           .help = "The store's file; made if it is not there, in a directory that is. Two more "
                   "files stand beside it, <path>-wal and <path>-shm: they belong to it."},
    Option{.key = "durability",
           .type = OptionType::choice,
           .default_value = "full",
           .choices = "full|normal",
           .help = "full: what a call wrote is on the disk when the call returns. normal: faster, "
                   "and the last calls before a power cut may be lost."},
    Option{.key = "cache",
           .type = OptionType::bytes,
           .default_value = "16MiB",
           .least = 65'536,
           .most = std::int64_t{1} << 40,
           .help = "The most memory for pages of the file that the connection that writes keeps; "
                   "those that read, as many as there are calls at a time, keep 2 MiB each."},
};

/// What cannot be resolved is left to the one who opens it, who says why.
std::string canonical(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute : resolved;
}

std::unique_ptr<FailedJobRepository> open_store(const Options& options, const Host& host) {
  return std::make_unique<FileRepository>(
      Location{.path = canonical(options.text("path")),
               .sync_commits = options.text("durability") == "full",
               .cache_bytes = options.bytes("cache")},
      host);
}

}  // namespace
}  // namespace purgatory::file

PURGATORY_PLUGIN("file", "0.1.0", purgatory::file::kOptions, purgatory::file::open_store)

#include "tests/archive/content.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace purgatory::archive_test {

std::vector<FailedJob> jobs_in(const fs::path& directory) {
  std::vector<FailedJob> jobs;
  if (!fs::exists(directory)) return jobs;
  for (const archive::Segment& segment : archive::list(directory)) {
    if (const std::string damage = archive::verify(segment); !damage.empty()) {
      throw std::runtime_error(segment.file.native() + ": " + damage);
    }
    archive::read(segment, [&](const FailedJob& job) { jobs.push_back(job); });
  }
  return jobs;
}

std::vector<std::string> ids_in(const fs::path& directory) {
  std::vector<std::string> ids;
  for (const FailedJob& job : jobs_in(directory)) ids.push_back(job.job_id);
  return ids;
}

std::vector<std::uint64_t> sizes_in(const fs::path& directory) {
  std::vector<std::uint64_t> sizes;
  for (const archive::Segment& segment : archive::list(directory)) sizes.push_back(segment.jobs);
  return sizes;
}

std::vector<std::string> files_in(const fs::path& directory) {
  std::vector<std::string> files;
  if (!fs::exists(directory)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(directory));
  }
  std::ranges::sort(files);
  return files;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("there is no " + file.native());
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.native());
}

}  // namespace purgatory::archive_test

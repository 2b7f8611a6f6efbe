#pragma once

#include <filesystem>
#include <string>

namespace purgatory::crash {

/// Why this process cannot cut the power of a disk of its own; empty: it can.
std::string why_no_disk();

/// A small ext4 file system of its own, mounted where only this process and its children see it:
/// however the process ends, the kernel unmounts it and frees the loop device.
class Disk {
 public:
  /// The image and the mount point come to lie in `directory`.
  explicit Disk(const std::filesystem::path& directory);
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk();

  [[nodiscard]] const std::filesystem::path& path() const { return mount_point_; }

  /// Makes all that was written durable.
  void sync() const;
  /// From now on nothing reaches the disk, not even what is in the journal's memory.
  void cut_power() const;
  /// Unmounts it and mounts it anew; whatever used it must have ended.
  void restart() const;

 private:
  std::filesystem::path image_;
  std::filesystem::path mount_point_;
};

}  // namespace purgatory::crash

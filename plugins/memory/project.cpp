#include "plugins/memory/project.hpp"

namespace purgatory::memory {

Record* Partition::find(std::string_view job_id, std::uint32_t id_hash) const noexcept {
  Record* found = open ? open->find(job_id, id_hash) : nullptr;
  if (found == nullptr && held) found = held->find(job_id, id_hash);
  return found;
}

Project::Partitions::iterator Project::locate(std::string_view group) noexcept {
  if (last_ == partitions_.end() || last_->first != group) last_ = partitions_.find(group);
  return last_;
}

void Project::erase_if_empty(Partitions::iterator partition) noexcept {
  if (partition->second.open || partition->second.held) return;
  if (partition == last_) last_ = partitions_.end();
  partitions_.erase(partition);
}

Partition* Project::partition(std::string_view group) noexcept {
  const auto found = locate(group);
  return found == partitions_.end() ? nullptr : &found->second;
}

Record* Project::find(std::string_view group, std::string_view job_id,
                      std::uint32_t id_hash) noexcept {
  const Partition* found = partition(group);
  return found == nullptr ? nullptr : found->find(job_id, id_hash);
}

void Project::insert(std::string_view group, RecordPtr record) noexcept {
  auto place = locate(group);
  if (place == partitions_.end()) place = partitions_.try_emplace(std::string(group)).first;
  std::unique_ptr<Generation>& generation = record->held ? place->second.held : place->second.open;
  record->version = ++last_version_;
  if (!generation) {
    constexpr unsigned kRoomForChanges = 24;
    generation = std::make_unique<Generation>(Generation::Role::live, space_,
                                              last_version_ << kRoomForChanges);
  }
  generation->insert(std::move(record));
}

RecordPtr Project::take(std::string_view group, Record& record) {
  const auto place = locate(group);
  std::unique_ptr<Generation>& generation = record.held ? place->second.held : place->second.open;
  RecordPtr taken = generation->take(record);
  if (generation->empty()) generation.reset();
  erase_if_empty(place);
  return taken;
}

std::unique_ptr<Generation> Project::detach(Partitions::iterator partition) {
  std::unique_ptr<Generation> open = std::move(partition->second.open);
  erase_if_empty(partition);
  return open;
}

}  // namespace purgatory::memory

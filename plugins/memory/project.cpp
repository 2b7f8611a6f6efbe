#include "plugins/memory/project.hpp"

namespace purgatory::memory {

Record* Partition::find(std::string_view job_id, std::uint32_t id_hash) const noexcept {
  Record* found = open ? open->find(job_id, id_hash) : nullptr;
  if (found == nullptr && held) found = held->find(job_id, id_hash);
  return found;
}

Partition* Project::partition(std::string_view group) noexcept {
  const auto found = partitions_.find(group);
  return found == partitions_.end() ? nullptr : &found->second;
}

Record* Project::find(std::string_view group, std::string_view job_id) noexcept {
  const Partition* found = partition(group);
  return found == nullptr ? nullptr : found->find(job_id, hash_of(job_id));
}

void Project::insert(std::string_view group, RecordPtr record) {
  auto found = partitions_.find(group);
  if (found == partitions_.end()) found = partitions_.try_emplace(std::string(group)).first;
  std::unique_ptr<Generation>& generation = record->held ? found->second.held : found->second.open;
  if (!generation) generation = std::make_unique<Generation>(Generation::Role::live, space_);
  record->version = ++last_version_;
  generation->insert(std::move(record));
}

RecordPtr Project::take(std::string_view group, Record& record) {
  const auto found = partitions_.find(group);
  Partition& partition = found->second;
  std::unique_ptr<Generation>& generation = record.held ? partition.held : partition.open;
  RecordPtr taken = generation->take(record);
  if (generation->empty()) generation.reset();
  if (!partition.open && !partition.held) partitions_.erase(found);
  return taken;
}

std::unique_ptr<Generation> Project::detach(Partitions::iterator partition) {
  std::unique_ptr<Generation> open = std::move(partition->second.open);
  if (!partition->second.held) partitions_.erase(partition);
  return open;
}

}  // namespace purgatory::memory

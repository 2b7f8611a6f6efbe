#include "plugins/memory/project.hpp"

namespace purgatory::memory {

PartitionMap::iterator Project::locate(std::string_view group) noexcept {
  if (last_ == partitions_.end() || last_->first != group) last_ = partitions_.find(group);
  return last_;
}

void Project::erase_if_empty(PartitionMap::iterator partition) noexcept {
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
  if (record->held) {
    ++held_jobs_;
  } else {
    open_totals_ += totals_of(*record);
  }
  generation->insert(std::move(record));
}

RecordPtr Project::take(std::string_view group, Record& record) {
  const auto place = locate(group);
  std::unique_ptr<Generation>& generation = record.held ? place->second.held : place->second.open;
  RecordPtr taken = generation->take(record);
  if (record.held) {
    --held_jobs_;
  } else {
    open_totals_ -= totals_of(record);
  }
  if (generation->empty()) generation.reset();
  erase_if_empty(place);
  return taken;
}

void Project::detach(const Scope& scope, PartitionMap& trash) noexcept {
  if (scope.level() == Scope::Level::project && held_jobs_ == 0) {
    trash.swap(partitions_);
    last_ = partitions_.end();
    open_totals_ = {};
    return;
  }
  auto place = partitions_.lower_bound(scope.group());
  while (place != partitions_.end() && scope.covers(place->first)) {
    const auto partition = place++;
    if (!partition->second.open) continue;
    open_totals_ -= partition->second.open->totals();
    trash.try_emplace(trash.end(), partition->first)->second.open =
        std::move(partition->second.open);
    erase_if_empty(partition);
  }
}

}  // namespace purgatory::memory

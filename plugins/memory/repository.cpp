#include "plugins/memory/repository.hpp"

#include "plugins/memory/fail.hpp"

namespace purgatory::memory {

void check_deadline(const Call& call, std::string_view operation) {
  if (std::chrono::steady_clock::now() < call.deadline) return;
  fail(ErrorCode::timeout,
       "{}: the deadline passed before it was done; give it more time, or ask for less", operation);
}

Project* MemoryRepository::project(std::string_view name) const {
  const std::shared_lock lock(projects_mutex_);
  const auto found = projects_.find(name);
  return found == projects_.end() ? nullptr : found->second.get();
}

Project& MemoryRepository::project_to_write(std::string_view name) {
  if (Project* found = project(name)) return *found;
  const std::scoped_lock lock(projects_mutex_);
  if (const auto found = projects_.find(name); found != projects_.end()) return *found->second;
  auto created = std::make_unique<Project>(std::string(name), space_);
  Project& project = *projects_.emplace(name, std::move(created)).first->second;
  space_.charge(sizeof(Project) + name.size());
  return project;
}

std::vector<Project*> MemoryRepository::projects_after(const std::optional<std::string>& after,
                                                       std::size_t limit) const {
  const std::shared_lock lock(projects_mutex_);
  std::vector<Project*> found;
  auto place = after ? projects_.upper_bound(*after) : projects_.begin();
  for (; place != projects_.end() && found.size() < limit; ++place) {
    found.push_back(place->second.get());
  }
  return found;
}

std::optional<std::string> MemoryRepository::setting(const Call& /*call*/, std::string_view name) {
  return settings_.get(name);
}

std::optional<std::string> MemoryRepository::compare_and_set(
    const Call& /*call*/, std::string_view name, std::optional<std::string_view> expected,
    std::string_view desired) {
  return settings_.compare_and_set(name, expected, desired);
}

bool MemoryRepository::lease(const Call& call, std::string_view name, std::string_view owner,
                             std::chrono::milliseconds ttl) {
  return settings_.lease(call.now, name, owner, ttl);
}

}  // namespace purgatory::memory

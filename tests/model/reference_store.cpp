// R13, R17, R18: what belongs to the store, not to a project.

#include "reference_repository.hpp"

namespace purgatory::model {

bool ReferenceRepository::lease(const Call& call, std::string_view name, std::string_view owner,
                                std::chrono::milliseconds ttl) {
  const auto found = leases_.find(std::string(name));
  const bool own = found != leases_.end() && found->second.owner == owner;
  if (ttl.count() == 0) {
    if (own) leases_.erase(found);
    return false;
  }
  if (found != leases_.end() && !own) {
    const Lease& lease = found->second;
    const bool expired = call.now >= lease.expiry || lease.expiry - call.now > lease.ttl;
    if (!expired) return false;
  }
  leases_[std::string(name)] = {std::string(owner), call.now + ttl, ttl};
  return true;
}

std::optional<std::string> ReferenceRepository::setting(const Call&, std::string_view name) {
  const auto found = settings_.find(std::string(name));
  if (found == settings_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> ReferenceRepository::compare_and_set(
    const Call& call, std::string_view name, std::optional<std::string_view> expected,
    std::string_view desired) {
  const std::optional<std::string> stored = setting(call, name);
  if (stored == expected) settings_[std::string(name)] = desired;
  return setting(call, name);
}

std::pair<std::uint64_t, std::uint64_t> ReferenceRepository::unfreed() const {
  std::pair<std::uint64_t, std::uint64_t> sum;
  for (const auto& [id, project] : projects_) {
    sum.first += project.unfreed_jobs;
    sum.second += project.unfreed_bytes;
  }
  return sum;
}

std::vector<Figure> ReferenceRepository::stats(const Call&) {
  Totals jobs;
  Totals trash;
  for (const auto& [id, project] : projects_) {
    for (const auto& [identity, stored] : project.jobs) {
      ++jobs.jobs;
      jobs.bytes += stored.bytes;
    }
    for (const auto& [purge_id, purge] : project.purges) {
      trash.jobs += totals(purge.trash).jobs;
      trash.bytes += totals(purge.trash).bytes;
    }
  }
  return {{"jobs", static_cast<double>(jobs.jobs)},
          {"bytes", static_cast<double>(jobs.bytes)},
          {"trash_jobs", static_cast<double>(trash.jobs)},
          {"trash_bytes", static_cast<double>(trash.bytes)}};
}

CheckResult ReferenceRepository::check(const Call&, const std::optional<std::string>&,
                                       const Budget&) {
  return {};
}

void ReferenceRepository::backup(const Call&, std::string_view) {
  throw Error(ErrorCode::unsupported, "the reference has no backup");
}

bool ReferenceRepository::compact(const Call&, const Budget&) {
  throw Error(ErrorCode::unsupported, "the reference has nothing to compact");
}

}  // namespace purgatory::model

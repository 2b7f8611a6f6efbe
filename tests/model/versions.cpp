#include "versions.hpp"

#include <limits>

namespace purgatory::model {
namespace {

/// True if `to` keeps the order of its keys around `key`.
bool in_order(const std::map<Version, Version>& to, std::map<Version, Version>::const_iterator at) {
  if (at != to.begin() && std::prev(at)->second >= at->second) return false;
  const auto next = std::next(at);
  return next == to.end() || at->second < next->second;
}

Version look_up(const std::map<std::string, std::map<Version, Version>>& maps,
                const std::string& project, Version version) {
  const auto map = maps.find(project);
  if (map == maps.end()) return std::numeric_limits<Version>::max();
  const auto found = map->second.find(version);
  return found == map->second.end() ? std::numeric_limits<Version>::max() : found->second;
}

}  // namespace

void disagree(const std::string& what, const std::string& reference, const std::string& real) {
  throw Disagreement(what + "\n  reference:  " + reference + "\n  repository: " + real);
}

void Versions::same(const std::string& project, Version reference, Version real) {
  auto& to_real = to_real_[project];
  auto& to_reference = to_reference_[project];
  const auto [forth, is_new] = to_real.try_emplace(reference, real);
  const auto [back, is_new_back] = to_reference.try_emplace(real, reference);
  if (forth->second != real || back->second != reference) {
    disagree("a version is not the one it was, or was given twice", std::to_string(reference),
             std::to_string(real));
  }
  if (!in_order(to_real, forth)) {
    disagree("versions do not grow from write to write", std::to_string(reference),
             std::to_string(real));
  }
}

Version Versions::real(const std::string& project, Version reference) const {
  return look_up(to_real_, project, reference);
}

Version Versions::reference(const std::string& project, Version real) const {
  return look_up(to_reference_, project, real);
}

}  // namespace purgatory::model

#include "operations.hpp"

namespace purgatory::model {

const std::vector<std::string>& projects() {
  static const std::vector<std::string> kProjects{"p", std::string("q}\0", 3)};
  return kProjects;
}

const std::vector<std::string>& groups() {
  static const std::vector<std::string> kGroups{"", "g", "\xFF"};
  return kGroups;
}

const std::vector<std::string>& job_ids() {
  static const std::vector<std::string> kJobIds{"1", "2", "10", "\x80", std::string("1\0", 2), "g"};
  return kJobIds;
}

const std::vector<std::string>& resource_ids() {
  static const std::vector<std::string> kResourceIds{"", "r", "r1", std::string("r\0", 2)};
  return kResourceIds;
}

const std::vector<std::string>& purge_ids() {
  static const std::vector<std::string> kPurgeIds{
      "a", "b", "c", "d", "e", "f", "g", "h", "i", "\xE0", std::string("a\0", 2)};
  return kPurgeIds;
}

}  // namespace purgatory::model

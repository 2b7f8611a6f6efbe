#include <catch2/catch.hpp>
#include <vector>

#include "purgatory/selection.hpp"

namespace purgatory {
namespace {

const std::vector<std::string> kGroups{"", "a", "b", "ab"};

/// A scope, and what it is to cover by its definition.
struct Known {
  Scope scope;
  std::string project;
  std::vector<std::string> covered;
};

std::vector<Known> scopes() {
  std::vector<Known> scopes;
  for (const std::string project : {"p", "q"}) {
    scopes.push_back({Scope::project(project), project, kGroups});
    scopes.push_back({Scope::project_level(project), project, {""}});
    for (const std::string& group : kGroups) {
      scopes.push_back({Scope::group(project, group), project, {group}});
    }
  }
  return scopes;
}

bool contains(const std::vector<std::string>& groups, const std::string& group) {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

TEST_CASE("a scope covers the partitions of its definition") {
  for (const Known& known : scopes()) {
    CHECK(known.scope.project() == known.project);
    for (const std::string& group : kGroups) {
      CHECK(known.scope.covers(group) == contains(known.covered, group));
    }
  }
}

TEST_CASE("two scopes overlap if they share a partition") {
  for (const Known& left : scopes()) {
    for (const Known& right : scopes()) {
      bool shared = false;
      for (const std::string& group : kGroups) {
        shared = shared || (left.project == right.project && contains(left.covered, group) &&
                            contains(right.covered, group));
      }
      INFO(left.project << static_cast<int>(left.scope.level()) << left.scope.group() << " and "
                        << right.project << static_cast<int>(right.scope.level())
                        << right.scope.group());
      CHECK(left.scope.overlaps(right.scope) == shared);
    }
  }
}

TEST_CASE("the empty group is the project level") {
  CHECK(Scope::group("p", "") == Scope::project_level("p"));
  CHECK(Scope::group("p", "").level() == Scope::Level::project_level);
  CHECK(Scope::group("p", "a").level() == Scope::Level::group);
  CHECK(Scope::group("p", "a").group() == "a");
  CHECK_FALSE(Scope::project("p") == Scope::project_level("p"));
}

}  // namespace
}  // namespace purgatory

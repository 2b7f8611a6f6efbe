#include "tests/file/fixture.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "plugins/file/repository.hpp"

namespace purgatory::file_test {

file::Location location_of(const fs::path& path) {
  return {.path = path, .sync_commits = true, .cache_bytes = 1 << 20};
}

std::unique_ptr<FailedJobRepository> at_path(const fs::path& path) {
  static const Host host;
  return checked(std::make_unique<file::FileRepository>(location_of(path), host), host);
}

std::string without_path(std::string text, const fs::path& path) {
  const std::string name = path;
  for (std::size_t place = 0; (place = text.find(name, place)) != std::string::npos;) {
    text.replace(place, name.size(), "<path>");
  }
  return text;
}

std::string opening(const fs::path& path) {
  return without_path(contract::error_of([&] { const contract::Store store(at_path(path)); }),
                      path);
}

Call call_of(const contract::Store& store, std::chrono::milliseconds timeout) {
  return {.now = store.now(), .deadline = std::chrono::steady_clock::now() + timeout};
}

std::vector<std::string> findings(const contract::Store& store) {
  constexpr int kMostCalls = 10'000;
  std::vector<std::string> all;
  std::optional<std::string> after;
  for (int calls = 0; calls < kMostCalls; ++calls) {
    CheckResult result = store->check(store.call(), after, {});
    for (const Finding& finding : result.findings) {
      all.push_back(finding.where + ": " + finding.what);
    }
    if (!result.next) return all;
    after = std::move(result.next);
  }
  throw std::logic_error("check does not end");
}

void Raw::Close::operator()(sqlite3* database) const noexcept { sqlite3_close(database); }

Raw::Raw(const fs::path& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open(path.c_str(), &database);
  database_.reset(database);
  if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database));
}

void Raw::run(const std::string& sql) const { static_cast<void>(column(sql, 0)); }

std::string Raw::value(const std::string& sql) const {
  const std::vector<std::string> values = column(sql, 0);
  if (values.empty()) throw std::runtime_error("no row: " + sql);
  return values.front();
}

std::vector<std::string> Raw::column(const std::string& sql, int column) const {
  struct Target {
    std::size_t column;
    std::vector<std::string> values;
  } target{static_cast<std::size_t>(column), {}};
  const auto add = [](void* context, int, char** values, char**) {
    auto& to = *static_cast<Target*>(context);
    const char* value = values[to.column];
    to.values.emplace_back(value == nullptr ? "NULL" : value);
    return 0;
  };
  if (sqlite3_exec(database_.get(), sql.c_str(), add, &target, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(database_.get()));
  }
  return std::move(target.values);
}

void print_not_run(std::string_view why) { std::cout << "not run: " << why << '\n'; }

bool is_root() {
  if (::geteuid() == 0) return true;
  print_not_run("only root can do that");
  return false;
}

}  // namespace purgatory::file_test

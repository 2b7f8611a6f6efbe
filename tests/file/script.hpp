#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/contract/fixture.hpp"

/// A short life of a store, as a list of calls that may each fail, and what it left behind.
namespace purgatory::file_test {

struct Step {
  std::string_view name;
  std::function<void(contract::Store&)> run;
  bool in_slices = false;  ///< Each slice of it is atomic, not the call.
};

/// Calls that change the store, with reads among them. Each asks for nothing that an earlier one
/// had to have done.
[[nodiscard]] const std::vector<Step>& script();

/// All that reads tell, but for versions: a change that failed may have used some up.
struct State {
  std::vector<StoredJob> jobs;
  std::vector<Pile> piles;
  std::map<std::string, std::vector<StoredJob>> trash;
  std::vector<JournalEntry> journal;
  std::uint64_t counted = 0;
  std::optional<std::string> setting;

  friend bool operator==(const State&, const State&) = default;
};
[[nodiscard]] State state_of(const contract::Store& store);

/// The state after these steps of the script, in this order, told by the memory backend.
[[nodiscard]] State state_after(const std::vector<std::size_t>& steps);

}  // namespace purgatory::file_test

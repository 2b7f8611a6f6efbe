#include "tests/contract/backends.hpp"

#include <algorithm>
#include <array>

#include "plugins/memory/memory.hpp"

namespace purgatory::contract {
namespace {

const Backend*& selection() {
  static const Backend* selected = &backends().front();
  return selected;
}

}  // namespace

std::span<const Backend> backends() {
  static const std::array known{
      Backend{.name = "memory", .open = [](const Host& host) { return memory::open({}, host); }},
  };
  return known;
}

const Backend& selected_backend() { return *selection(); }

bool select_backend(std::string_view name) {
  const auto found = std::ranges::find(backends(), name, &Backend::name);
  if (found == backends().end()) return false;
  selection() = &*found;
  return true;
}

}  // namespace purgatory::contract

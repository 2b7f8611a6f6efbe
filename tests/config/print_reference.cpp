// Prints docs/configuration.md.

#include <array>
#include <iostream>

#include "core/config/reference.hpp"
#include "core/plugin/loader.hpp"

int main() {
  using namespace purgatory;
  const std::array backends{&plugin::find("memory", {}), &plugin::find("file", {})};
  std::cout << config::reference(backends);
}

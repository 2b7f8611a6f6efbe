// A program that has version 2 of the library `clash`, and a plugin that has version 1.

#include <iostream>

#include "purgatory/purgatory.hpp"
#include "tests/loader/clash/report.hpp"

int main(int /*count*/, char** arguments) {
  purgatory::Config config;
  config.repository.backend = "clash";
  config.plugins.path = {arguments[1]};
  const purgatory::Host host;
  for (int i = 0; i < 2; ++i) {
    std::cout << "host: " << clash_report() << '\n';
    try {
      (void)purgatory::open(config, host);
    } catch (const purgatory::Error& error) {
      std::cout << "plugin: " << error.what() << '\n';
    }
  }
}

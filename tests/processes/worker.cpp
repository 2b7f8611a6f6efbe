// Opens a store and serves the calls that arrive over inherited sockets, one thread for each:
//     purgatory_worker BACKEND DESCRIPTOR,... [OPTION=VALUE]...
// The first message that it sends, over the first socket, says whether the store is open. It ends
// when the other ends are closed.

#include <charconv>
#include <iostream>
#include <thread>
#include <vector>

#include "purgatory/config.hpp"
#include "tests/processes/calls.hpp"
#include "tests/processes/connection.hpp"

namespace {

using namespace purgatory;

std::vector<processes::Connection> connections_of(std::string_view list) {
  std::vector<processes::Connection> connections;
  while (!list.empty()) {
    int descriptor = -1;
    const auto [end, error] = std::from_chars(list.begin(), list.end(), descriptor);
    if (error != std::errc()) throw std::invalid_argument("not a list of descriptors");
    connections.emplace_back(descriptor);
    list.remove_prefix(static_cast<std::size_t>(end - list.begin()));
    if (list.starts_with(',')) list.remove_prefix(1);
  }
  return connections;
}

Config config_of(std::string_view backend, std::span<char* const> options) {
  Config config;
  config.repository.backend = backend;
  for (const std::string_view option : options) {
    const std::size_t equals = option.find('=');
    config.repository.options.set(option.substr(0, equals), option.substr(equals + 1));
  }
  return config;
}

void serve(FailedJobRepository& repository, processes::Connection& connection) {
  while (const auto message = connection.receive()) {
    processes::Decoder decoder(*message);
    const std::string answer = processes::answer([&] {
      return processes::Calls::serve(decoder.decode<std::uint8_t>(), repository, decoder);
    });
    if (!connection.send(answer)) return;
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::span<char* const> given(arguments, static_cast<std::size_t>(count));
  if (given.size() < 3) {
    std::cerr << "usage: purgatory_worker BACKEND DESCRIPTOR,... [OPTION=VALUE]...\n";
    return 2;
  }
  std::vector<processes::Connection> connections = connections_of(given[2]);
  const Host host;
  std::unique_ptr<FailedJobRepository> repository;
  const std::string opened = processes::answer([&] {
    repository = open(config_of(given[1], given.subspan(3)), host);
    return std::string();
  });
  if (!connections.at(0).send(opened) || !repository) return 0;

  std::vector<std::jthread> threads;
  for (processes::Connection& connection : connections) {
    threads.emplace_back([&] { serve(*repository, connection); });
  }
  return 0;
}

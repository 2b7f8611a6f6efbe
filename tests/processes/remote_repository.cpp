#include "tests/processes/remote_repository.hpp"

namespace purgatory::processes {

RemoteRepository::RemoteRepository(const WorkerOptions& options, std::size_t workers)
    : backend_(options.backend) {
  for (std::size_t i = 0; i < workers; ++i) workers_.emplace_back(options);
  for (WorkerProcess& worker : workers_) {
    worker.wait_until_open();
    for (Connection& connection : worker.connections()) lines_.emplace_back(connection);
  }
}

RemoteRepository::RemoteRepository(std::string backend, WorkerProcess& worker)
    : backend_(std::move(backend)) {
  for (Connection& connection : worker.connections()) lines_.emplace_back(connection);
}

std::string RemoteRepository::exchange(std::string_view message) {
  const auto [line, lock] = free_line();
  if (line.connection.send(message)) {
    if (auto answer = line.connection.receive()) return *std::move(answer);
  }
  throw Error(ErrorCode::outcome_unknown, "the worker process is lost", backend_);
}

std::pair<RemoteRepository::Line&, std::unique_lock<std::mutex>> RemoteRepository::free_line() {
  const std::size_t first = next_++;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    Line& line = lines_[(first + i) % lines_.size()];
    if (std::unique_lock lock(line.busy, std::try_to_lock); lock) return {line, std::move(lock)};
  }
  Line& line = lines_[first % lines_.size()];
  return {line, std::unique_lock(line.busy)};
}

}  // namespace purgatory::processes

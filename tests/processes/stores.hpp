#pragma once

#include <memory>
#include <string>

#include "purgatory/repository.hpp"
#include "tests/processes/worker_process.hpp"

/// Fresh stores for the contract suite and the model.
namespace purgatory::processes {

/// How a worker opens the file backend on `path`. `durability` is full or normal.
WorkerOptions file_worker(const std::string& path, const std::string& durability);

/// A file in a directory of its own, which goes with the store; opened in this process.
std::shared_ptr<FailedJobRepository> open_file(const Host& host);
/// The same, opened by four processes.
std::shared_ptr<FailedJobRepository> open_file_processes(const Host& host);
/// A memory backend in one other process: what differs from `memory` is the way there.
std::shared_ptr<FailedJobRepository> open_memory_process(const Host& host);

}  // namespace purgatory::processes

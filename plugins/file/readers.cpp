#include "plugins/file/readers.hpp"

namespace purgatory::file {
namespace {

constexpr std::size_t kMostIdle = 8;
constexpr std::uint64_t kCacheBytes = 2 << 20;

}  // namespace

Readers::Readers(Location location) : location_(std::move(location)) {
  location_.cache_bytes = kCacheBytes;
}

std::unique_ptr<Connection> Readers::take(const Call& call) {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = std::make_unique<Connection>(location_, Connection::Mode::open, call.deadline);
  connection->end_statements_at_deadline();
  return connection;
}

void Readers::give_back(std::unique_ptr<Connection> connection) noexcept {
  if (connection->in_transaction()) return;  // its end failed: the next one starts afresh
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

}  // namespace purgatory::file

#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <functional>
#include <unordered_set>
#include <utility>

#include "apps/purgatoryd/http/port.hpp"

namespace purgatory::server::http {

/// One connection, as its port sees it.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  virtual void start() = 0;
  /// Ends it unless something of a request is there.
  virtual void drain() = 0;
};

/// The connections of a port, and what they share.
class Connections {
 public:
  Connections(boost::asio::io_context& context, PortSettings settings,
              boost::asio::thread_pool& pool, Service& service)
      : context_(context), settings_(std::move(settings)), pool_(pool), service_(service) {}

  [[nodiscard]] boost::asio::io_context& context() const { return context_; }
  [[nodiscard]] const PortSettings& settings() const { return settings_; }
  [[nodiscard]] boost::asio::thread_pool& pool() const { return pool_; }
  [[nodiscard]] Service& service() const { return service_; }

  void add(Connection& connection) {
    open_.insert(&connection);
    size_ = open_.size();
  }
  void remove(Connection& connection) {
    open_.erase(&connection);
    size_ = open_.size();
    if (on_end_) on_end_();
  }
  /// Calls back after each end of a connection.
  void when_one_ends(std::function<void()> call) { on_end_ = std::move(call); }
  /// Any thread may ask.
  [[nodiscard]] std::size_t size() const { return size_; }

  void drain() {
    draining_ = true;
    for (Connection* connection : std::unordered_set(open_)) connection->drain();
  }
  [[nodiscard]] bool draining() const { return draining_; }

 private:
  boost::asio::io_context& context_;
  const PortSettings settings_;
  boost::asio::thread_pool& pool_;
  Service& service_;
  std::function<void()> on_end_;
  std::unordered_set<Connection*> open_;
  std::atomic<std::size_t> size_ = 0;
  bool draining_ = false;
};

}  // namespace purgatory::server::http

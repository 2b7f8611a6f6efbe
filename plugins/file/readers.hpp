#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "plugins/file/connection.hpp"
#include "purgatory/repository.hpp"

namespace purgatory::file {

/// Connections that read: one for each call at a time. Readers wait for nobody.
class Readers {
 public:
  explicit Readers(Location location);
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Runs action(Connection&) and returns what it returns.
  template <typename Action>
  auto read(const Call& call, Action action) {
    const Loan loan(*this, call);
    return action(loan.connection());
  }

 private:
  class Loan {
   public:
    Loan(Readers& readers, const Call& call) : readers_(readers), connection_(readers.take(call)) {
      connection_->set_deadline(call.deadline);
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { readers_.give_back(std::move(connection_)); }

    [[nodiscard]] Connection& connection() const noexcept { return *connection_; }

   private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
  };

  [[nodiscard]] std::unique_ptr<Connection> take(const Call& call);
  void give_back(std::unique_ptr<Connection> connection) noexcept;

  Location location_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace purgatory::file

#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "apps/purgatoryd/auth/authenticator.hpp"
#include "apps/tokens/entry.hpp"

namespace purgatory::server {

/// Knows senders by the token in X-Auth-Token, which a file has the hash of.
class TokenAuthenticator final : public Authenticator {
 public:
  /// Throws Error{config} if the file is wrong.
  TokenAuthenticator(std::filesystem::path file, const Host& host);

  [[nodiscard]] Sender authenticate(const Headers& headers) const override;
  std::size_t reload() override;

 private:
  using Entries = std::shared_ptr<const std::vector<tokens::Entry>>;

  [[nodiscard]] Entries entries() const;

  std::filesystem::path file_;
  const Host& host_;
  mutable std::mutex mutex_;
  Entries entries_;  ///< Guarded by `mutex_`; what it points to never changes.
};

}  // namespace purgatory::server

#include "apps/purgatoryd/auth/tokens.hpp"

#include <utility>

#include "apps/tokens/file.hpp"

namespace purgatory::server {

TokenAuthenticator::TokenAuthenticator(std::filesystem::path file, const Host& host)
    : file_(std::move(file)), host_(host) {
  reload();
}

Sender TokenAuthenticator::authenticate(const Headers& headers) const {
  constexpr std::string_view kHeader = "X-Auth-Token";
  const std::vector<std::string_view> given = headers(kHeader);
  if (given.empty()) return {};
  if (given.size() > 1) return refuse_repeated(kHeader);
  const tokens::Hash hash = tokens::hash_of(given.front());
  const Entries entries = this->entries();
  const tokens::Entry* found = nullptr;
  for (const tokens::Entry& entry : *entries) {  // all of them: how long it takes tells nothing
    if (tokens::equal(entry.hash, hash)) found = &entry;
  }
  if (found == nullptr || (found->expires && host_.clock() >= *found->expires)) return {};
  return {.identity = found->identity};
}

std::size_t TokenAuthenticator::reload() {
  auto entries = std::make_shared<const std::vector<tokens::Entry>>(tokens::read(file_));
  const std::lock_guard lock(mutex_);
  entries_ = std::move(entries);
  return entries_->size();
}

TokenAuthenticator::Entries TokenAuthenticator::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

}  // namespace purgatory::server

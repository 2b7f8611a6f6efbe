#include "core/retention/activation.hpp"

#include <fmt/format.h>

#include <charconv>

#include "purgatory/error.hpp"

namespace purgatory::retention {
namespace {

constexpr std::string_view kSetting = "purgatory.active_policy";
constexpr std::size_t kHashSize = 32;
constexpr int kMostTries = 100;

/// "<hash> <milliseconds since 1970> <who>"
std::string print(const ActivePolicy& active) {
  return fmt::format("{} {} {}", active.hash, active.activated_at.time_since_epoch().count(),
                     active.actor);
}

/// Absent: `print` did not write this.
std::optional<ActivePolicy> parse(std::string_view text) {
  if (text.size() <= kHashSize || text[kHashSize] != ' ') return std::nullopt;
  std::int64_t milliseconds = 0;
  const char* const time = text.data() + kHashSize + 1;
  const auto [end, error] = std::from_chars(time, text.data() + text.size(), milliseconds);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  return ActivePolicy{.hash = std::string(text.substr(0, kHashSize)),
                      .activated_at = Time(std::chrono::milliseconds(milliseconds)),
                      .actor = std::string(end + 1, text.data() + text.size())};
}

}  // namespace

std::optional<ActivePolicy> active_policy(const Store& store) {
  const auto stored = store.repository.setting(store.begin_call(), kSetting);
  if (!stored) return std::nullopt;
  if (auto active = parse(*stored)) return active;
  throw Error(ErrorCode::corrupt,
              fmt::format("the store's setting '{}' does not say which policy is active: activate "
                          "one, which writes it anew",
                          kSetting));
}

ActivePolicy activate(const Store& store, std::string_view hash, std::string_view actor) {
  auto stored = store.repository.setting(store.begin_call(), kSetting);
  for (int i = 0; i < kMostTries; ++i) {
    auto active = stored ? parse(*stored) : std::nullopt;
    if (active && active->hash == hash) return *std::move(active);
    const Call call = store.begin_call();
    ActivePolicy desired{
        .hash = std::string(hash), .activated_at = call.now, .actor = std::string(actor)};
    auto now_stored = store.repository.compare_and_set(call, kSetting, stored, print(desired));
    if (now_stored == print(desired)) return desired;
    stored = std::move(now_stored);  // somebody else was faster: this one is the later
  }
  throw Error(ErrorCode::conflict,
              "activate: other policies are activated all the time; try again later");
}

}  // namespace purgatory::retention

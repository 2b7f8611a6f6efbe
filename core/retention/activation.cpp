#include "core/retention/activation.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/host/observe.hpp"
#include "purgatory/error.hpp"

namespace purgatory::retention {
namespace {

constexpr std::string_view kSetting = "purgatory.active_policy";
constexpr std::size_t kHashSize = 32;
constexpr int kMostTries = 100;

constexpr std::string_view kGuarded = "guarded";
constexpr std::string_view kOverridden = "overridden";

/// "<hash> <milliseconds since 1970> guarded|overridden <who>"
std::string print(const ActivePolicy& active) {
  return fmt::format("{} {} {} {}", active.hash, active.activated_at.time_since_epoch().count(),
                     active.guard_overridden ? kOverridden : kGuarded, active.actor);
}

/// Takes what stands before the next space. Absent: there is none.
std::optional<std::string_view> take_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end + 1);
  return word;
}

/// Absent: `print` did not write this.
std::optional<ActivePolicy> parse(std::string_view text) {
  const auto hash = take_word(text);
  const auto time = take_word(text);
  const auto guard = take_word(text);
  if (!guard || hash->size() != kHashSize || (*guard != kGuarded && *guard != kOverridden)) {
    return std::nullopt;
  }
  std::int64_t milliseconds = 0;
  const char* const end_of_time = time->data() + time->size();
  const auto [end, error] = std::from_chars(time->data(), end_of_time, milliseconds);
  if (error != std::errc{} || end != end_of_time) return std::nullopt;
  return ActivePolicy{.hash = std::string(*hash),
                      .activated_at = Time(std::chrono::milliseconds(milliseconds)),
                      .actor = std::string(text),
                      .guard_overridden = *guard == kOverridden};
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

ActivePolicy activate(const Store& store, std::string_view hash, std::string_view actor,
                      const ActivateOptions& options) {
  auto stored = store.repository.setting(store.begin_call(), kSetting);
  for (int i = 0; i < kMostTries; ++i) {
    auto active = stored ? parse(*stored) : std::nullopt;
    if (active && active->hash == hash && !options.override_guard) return *std::move(active);
    const Call call = store.begin_call();
    ActivePolicy desired{.hash = std::string(hash),
                         .activated_at = call.now,
                         .actor = std::string(actor),
                         .guard_overridden = options.override_guard};
    auto now_stored = store.repository.compare_and_set(call, kSetting, stored, print(desired));
    if (now_stored == print(desired)) return desired;
    stored = std::move(now_stored);  // somebody else was faster: this one is the later
  }
  throw Error(ErrorCode::conflict,
              "activate: other policies are activated all the time; try again later");
}

void log_activation(const Host& host, const ActivePolicy& active) {
  log(host, LogEvent::Level::info, "policy_activated",
      {{"hash", active.hash},
       {"actor", active.actor},
       {"guard", active.guard_overridden ? "overridden" : "in force"}});
}

}  // namespace purgatory::retention

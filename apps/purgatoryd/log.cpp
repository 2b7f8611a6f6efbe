#include "apps/purgatoryd/log.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <boost/locale/encoding_utf.hpp>
#include <cerrno>
#include <utility>

#include "purgatory/failed_job.hpp"

namespace purgatory::server {
namespace {

constexpr std::size_t kMostWaiting = 10'000;

std::string_view name_of(LogEvent::Level level) {
  switch (level) {
    case LogEvent::Level::debug: return "debug";
    case LogEvent::Level::info: return "info";
    case LogEvent::Level::warning: return "warning";
    case LogEvent::Level::error: break;
  }
  return "error";
}

/// A log that cannot be written is no reason to stop serving.
void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(file, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace

std::string clean(std::string_view text) {
  return boost::locale::conv::utf_to_utf<char>(text.data(), text.data() + text.size());
}

Log::Log(int file, Host host) : file_(file), host_(std::move(host)), writer_([this] { run(); }) {}

Log::~Log() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void Log::write(LogEvent::Level level, std::string_view event, const boost::json::object& fields) {
  std::string text = line(level, event, fields);
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) {
      ++dropped_;
      return;
    }
    waiting_.push_back(std::move(text));
  }
  changed_.notify_one();
}

void Log::write(const LogEvent& event) {
  boost::json::object fields;
  for (const LogEvent::Field& field : event.fields) fields[field.key] = clean(field.value);
  write(event.level, event.event, fields);
}

void Log::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::deque<std::string> lines = std::exchange(waiting_, {});
    const std::uint64_t dropped = std::exchange(dropped_, 0);
    lock.unlock();
    for (const std::string& text : lines) write_all(file_, text);
    if (dropped > 0) {
      write_all(file_, line(LogEvent::Level::warning, "log_dropped", {{"lines", dropped}}));
    }
    lock.lock();
  }
}

std::string Log::line(LogEvent::Level level, std::string_view event,
                      const boost::json::object& fields) const {
  boost::json::object object{
      {"time", format_time(host_.clock())}, {"level", name_of(level)}, {"event", event}};
  for (const auto& [key, value] : fields) object[key] = value;
  return boost::json::serialize(object) + "\n";
}

}  // namespace purgatory::server

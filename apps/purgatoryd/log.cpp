#include "apps/purgatoryd/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/locale/encoding_utf.hpp>
#include <cerrno>
#include <climits>
#include <utility>

#include "purgatory/failed_job.hpp"

namespace purgatory::server {
namespace {

constexpr std::size_t kMostWaiting = 10'000;
/// How long the end waits for who reads the log.
constexpr int kPatience = 1000;  // milliseconds

std::string_view name_of(LogEvent::Level level) {
  switch (level) {
    case LogEvent::Level::debug: return "debug";
    case LogEvent::Level::info: return "info";
    case LogEvent::Level::warning: return "warning";
    case LogEvent::Level::error: break;
  }
  return "error";
}

std::string line(LogEvent::Level level, std::string_view event, const boost::json::object& fields) {
  boost::json::object object{
      {"time", format_time(Host::system_clock())}, {"level", name_of(level)}, {"event", event}};
  for (const auto& [key, value] : fields) object[key] = value;
  return boost::json::serialize(object) + "\n";
}

}  // namespace

std::string clean(std::string_view text) {
  return boost::locale::conv::utf_to_utf<char>(text.data(), text.data() + text.size());
}

Log::Log(int file) : file_(file), writer_([this] { run(); }) {}

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
  if (event.level == LogEvent::Level::debug) return;
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
    if (dropped > 0) {
      lines.push_back(line(LogEvent::Level::warning, "log_dropped", {{"lines", dropped}}));
    }
    for (const std::string& text : lines) {
      if (!write_all(text)) return;
    }
    lock.lock();
  }
}

bool Log::write_all(std::string_view text) {
  while (!text.empty()) {
    if (!wait_until_writable()) return false;
    // So much does not block once something can be written.
    const ssize_t size = ::write(file_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (size < 0 && errno != EINTR && errno != EAGAIN) break;  // no reason to stop serving
    if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

bool Log::wait_until_writable() {
  pollfd ready{.fd = file_, .events = POLLOUT, .revents = 0};
  while (::poll(&ready, 1, kPatience) <= 0) {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
  }
  return true;
}

}  // namespace purgatory::server

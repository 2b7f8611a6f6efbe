#include "tests/server/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace purgatory::server_test {
namespace {

constexpr std::chrono::seconds kPatienceOfLog{30};

bool names(const boost::json::object& line, std::string_view event) {
  const auto* value = line.if_contains("event");
  return value != nullptr && value->is_string() && value->as_string() == event;
}

}  // namespace

Log::Log(cli_run::File read_end) : read_end_(std::move(read_end)), reader_([this] { read(); }) {}

Log::~Log() { reader_.join(); }

void Log::read() {
  std::array<char, 4096> part{};
  std::string unfinished;
  ::ssize_t size = 0;
  while ((size = ::read(read_end_.number(), part.data(), part.size())) > 0) {
    const std::lock_guard lock(mutex_);
    text_.append(part.data(), static_cast<std::size_t>(size));
    unfinished.append(part.data(), static_cast<std::size_t>(size));
    for (std::size_t end = 0; (end = unfinished.find('\n')) != std::string::npos;) {
      boost::json::error_code none;
      const auto line = boost::json::parse({unfinished.data(), end}, none);
      if (line.is_object()) lines_.push_back(line.as_object());
      unfinished.erase(0, end + 1);
    }
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

template <typename Condition>
void Log::wait_until(std::string_view what, Condition condition) const {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, kPatienceOfLog, condition)) return;
  throw std::runtime_error(fmt::format("waited in vain for {}; the log:\n{}", what, text_));
}

boost::json::object Log::wait_for(std::string_view event, std::size_t number) const {
  std::optional<boost::json::object> found;
  wait_until(event, [&] {
    std::size_t count = 0;
    for (const auto& line : lines_) {
      if (names(line, event) && ++count == number) found = line;
    }
    return found || ended_;
  });
  if (found) return std::move(*found);
  throw std::runtime_error(fmt::format("the server ended without {}; the log:\n{}", event, text()));
}

std::vector<boost::json::object> Log::events(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  std::vector<boost::json::object> all;
  for (const auto& line : lines_) {
    if (names(line, name)) all.push_back(line);
  }
  return all;
}

std::string Log::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

void Log::wait_for_end() const {
  wait_until("the end", [this] { return ended_; });
}

std::string text(const boost::json::object& line, std::string_view name) {
  return std::string(line.at(name).as_string());
}

}  // namespace purgatory::server_test

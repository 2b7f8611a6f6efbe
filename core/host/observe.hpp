#pragma once

#include <initializer_list>
#include <string_view>

#include "purgatory/host.hpp"

/// How the library tells a host what it sees.
namespace purgatory {

inline void observe(const Host& host, Metric::Kind kind, std::string_view name, double value,
                    std::initializer_list<Metric::Label> labels = {}) {
  if (!host.metric || (kind == Metric::Kind::counter && value == 0)) return;
  host.metric({.kind = kind, .name = name, .value = value, .labels = labels});
}

inline void log(const Host& host, LogEvent::Level level, std::string_view event,
                std::initializer_list<LogEvent::Field> fields) {
  host.log({.level = level, .event = event, .fields = fields});
}

}  // namespace purgatory

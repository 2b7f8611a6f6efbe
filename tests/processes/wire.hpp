#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "purgatory/repository.hpp"
#include "tests/processes/fields.hpp"

/// Values as bytes between two processes of one build on one machine: numbers as they lie in
/// memory, everything else by its parts.
namespace purgatory::processes {

template <typename T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <typename T>
concept Text = std::same_as<T, std::string> || std::same_as<T, std::string_view>;
template <typename T>
concept Duration = requires(T value) {
  value.count();
};
template <typename T>
concept TimePoint = requires(T value) {
  value.time_since_epoch();
};
template <typename T>
concept Optional = requires(T value) {
  value.has_value();
};
template <typename T>
concept Map = requires {
  typename T::mapped_type;
};

template <typename T>
void encode(std::string& out, const T& value) {
  if constexpr (Plain<T>) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  } else if constexpr (Duration<T>) {
    encode(out, value.count());
  } else if constexpr (TimePoint<T>) {
    encode(out, value.time_since_epoch());
  } else if constexpr (Text<T>) {
    encode(out, value.size());
    out.append(value);
  } else if constexpr (std::same_as<T, Scope>) {
    encode(out, value.level());
    encode(out, value.project());
    encode(out, value.group());
  } else if constexpr (std::same_as<T, Recording>) {
    encode(out, *value.job);
    encode(out, *value.stamp);
  } else if constexpr (Optional<T>) {
    encode(out, value.has_value());
    if (value) encode(out, *value);
  } else if constexpr (Map<T>) {
    encode(out, value.size());
    for (const auto& [key, mapped] : value) {
      encode(out, key);
      encode(out, mapped);
    }
  } else if constexpr (std::ranges::sized_range<const T>) {
    encode(out, std::size_t{value.size()});
    for (const auto& item : value) encode(out, item);
  } else {
    with_fields(value, [&](const auto&... fields) { (encode(out, fields), ...); });
  }
}

template <typename... Values>
std::string encoded(const Values&... values) {
  std::string out;
  (encode(out, values), ...);
  return out;
}

/// Reads a message from its beginning. Decoded views borrow from the message, decoded recordings
/// from the decoder.
class Decoder {
 public:
  explicit Decoder(std::string_view message) : rest_(message) {}

  template <typename T>
  T decode();

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) throw std::logic_error("a message ends too early");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  template <typename T>
  T decode_plain() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  Scope decode_scope() {
    const auto level = decode<Scope::Level>();
    auto project = decode<std::string>();
    auto group = decode<std::string>();
    if (level == Scope::Level::project) return Scope::project(std::move(project));
    return Scope::group(std::move(project), std::move(group));
  }

  Recording decode_recording() {
    jobs_.push_back(decode<FailedJob>());
    stamps_.push_back(decode<Stamp>());
    return {&jobs_.back(), &stamps_.back()};
  }

  template <typename T>
  T decode_range() {
    T range;
    for (auto left = decode<std::size_t>(); left > 0; --left) {
      if constexpr (Map<T>) {
        auto key = decode<typename T::key_type>();
        range.emplace(std::move(key), decode<typename T::mapped_type>());
      } else {
        range.push_back(decode<typename T::value_type>());
      }
    }
    return range;
  }

  template <typename T>
  T decode_fields() {
    T value{};
    with_fields(value, [&](auto&... fields) {
      ((fields = decode<std::remove_cvref_t<decltype(fields)>>()), ...);
    });
    return value;
  }

  std::string_view rest_;
  std::deque<FailedJob> jobs_;
  std::deque<Stamp> stamps_;
};

template <typename T>
T Decoder::decode() {
  if constexpr (Plain<T>) {
    return decode_plain<T>();
  } else if constexpr (Duration<T>) {
    return T{decode<typename T::rep>()};
  } else if constexpr (TimePoint<T>) {
    return T{decode<typename T::duration>()};
  } else if constexpr (Text<T>) {
    return T{take(decode<std::size_t>())};
  } else if constexpr (std::same_as<T, Scope>) {
    return decode_scope();
  } else if constexpr (std::same_as<T, Selection>) {
    Scope scope = decode_scope();
    return {std::move(scope), decode<Filter>()};
  } else if constexpr (std::same_as<T, Recording>) {
    return decode_recording();
  } else if constexpr (Optional<T>) {
    return decode<bool>() ? T{decode<typename T::value_type>()} : T{};
  } else if constexpr (std::ranges::range<T>) {
    return decode_range<T>();
  } else {
    return decode_fields<T>();
  }
}

}  // namespace purgatory::processes

#include "purgatory/options.hpp"

#include <fmt/format.h>

#include "purgatory/error.hpp"

namespace purgatory {

Options& Options::set_value(std::string_view key, Value value) {
  values_.insert_or_assign(std::string(key), std::move(value));
  return *this;
}

template <typename Type>
const Type& Options::get(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) {
    throw Error(ErrorCode::plugin,
                fmt::format("a backend asked for its option '{}', which it has no value for; its "
                            "table must list it, required or with a default",
                            key));
  }
  if (const Type* value = std::get_if<Type>(&found->second)) return *value;
  throw Error(
      ErrorCode::plugin,
      fmt::format("a backend asked for its option '{}' as another type than its table says", key));
}

bool Options::boolean(std::string_view key) const { return get<bool>(key); }
std::int64_t Options::integer(std::string_view key) const { return get<std::int64_t>(key); }
std::uint64_t Options::bytes(std::string_view key) const {
  return static_cast<std::uint64_t>(get<std::int64_t>(key));
}
std::chrono::milliseconds Options::duration(std::string_view key) const {
  return get<std::chrono::milliseconds>(key);
}
const std::string& Options::text(std::string_view key) const { return get<Text>(key); }
const Options::List& Options::list(std::string_view key) const { return get<List>(key); }

}  // namespace purgatory

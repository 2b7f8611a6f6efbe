#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/error.hpp"
#include "purgatory/failed_job.hpp"

/// Small documents of the library's own, whose texts may hold any byte.
namespace purgatory::json {

/// Adds a text; one that is not UTF-8 as `<key>_base64`.
void set_text(boost::json::object& object, std::string_view key, std::string_view text);

/// Reads an object member by member, and knows which were not read. Everything throws Error of the
/// code that it was made with, naming the member.
class ObjectReader {
 public:
  /// `where` is in front of each message: "plan".
  ObjectReader(const boost::json::value& value, ErrorCode code, std::string where);

  [[nodiscard]] bool has(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key);
  [[nodiscard]] std::uint64_t number(std::string_view key);
  [[nodiscard]] std::optional<bool> optional_boolean(std::string_view key);
  [[nodiscard]] Time time(std::string_view key);
  [[nodiscard]] ObjectReader object(std::string_view key);
  [[nodiscard]] std::vector<ObjectReader> objects(std::string_view key);

  /// Throws if a member was not read: nobody knows what it means.
  void finish() const;

  [[noreturn]] void fail(std::string_view key, std::string_view what) const;

 private:
  [[nodiscard]] const boost::json::value* find(std::string_view key);
  [[nodiscard]] const boost::json::value& get(std::string_view key);
  [[nodiscard]] std::string path_of(std::string_view key) const;

  const boost::json::object* object_;
  ErrorCode code_;
  std::string where_;
  std::vector<std::string> read_;
};

/// Parses a document. Throws as above.
[[nodiscard]] boost::json::value parse(std::string_view text, ErrorCode code,
                                       std::string_view where);

}  // namespace purgatory::json

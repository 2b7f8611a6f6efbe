#include "core/json_lines/text.hpp"

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/binary_from_base64.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <boost/locale/utf.hpp>

namespace purgatory::json_lines {

namespace iterators = boost::archive::iterators;

bool is_utf8(std::string_view text) noexcept {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  for (const char* at = text.begin(); at != text.end();) {
    if (!boost::locale::utf::is_valid_codepoint(Utf8::decode(at, text.end()))) return false;
  }
  return true;
}

void append_base64(std::string& out, std::string_view bytes) {
  using Digits = iterators::base64_from_binary<
      iterators::transform_width<std::string_view::const_iterator, 6, 8>>;
  out.append(Digits(bytes.begin()), Digits(bytes.end()));
  out.append((3 - bytes.size() % 3) % 3, '=');
}

std::optional<std::string> read_base64(std::string_view text) {
  using Bytes =
      iterators::transform_width<iterators::binary_from_base64<std::string_view::const_iterator>, 8,
                                 6>;
  if (text.size() % 4 != 0) return std::nullopt;
  std::string_view digits = text;
  for (int padding = 0; padding < 2 && digits.ends_with('='); ++padding) digits.remove_suffix(1);
  std::string bytes;
  try {
    Bytes at(digits.begin());
    for (std::size_t i = 0; i < digits.size() * 3 / 4; ++i) bytes.push_back(*at++);
  } catch (const iterators::dataflow_exception&) {
    return std::nullopt;
  }
  std::string again;
  append_base64(again, bytes);  // a last digit can have bits too many
  if (again != text) return std::nullopt;
  return bytes;
}

}  // namespace purgatory::json_lines

#include "core/json_lines/text.hpp"

#include <array>
#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/binary_from_base64.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <boost/json/serializer.hpp>
#include <boost/locale/utf.hpp>

namespace purgatory::json_lines {

namespace iterators = boost::archive::iterators;

bool is_utf8(std::string_view text) noexcept {
  unsigned char bits = 0;
  for (const char byte : text) bits |= static_cast<unsigned char>(byte);
  if (bits < 0x80) return true;  // most texts are ASCII, and this loop takes many bytes a step
  using Utf8 = boost::locale::utf::utf_traits<char>;
  for (const char* at = text.begin(); at != text.end();) {
    if (!boost::locale::utf::is_valid_codepoint(Utf8::decode(at, text.end()))) return false;
  }
  return true;
}

void append_json(std::string& out, std::string_view text) {
  boost::json::serializer serializer;
  serializer.reset(boost::json::string_view(text.data(), text.size()));
  std::array<char, 1024> part;  // filled by read
  while (!serializer.done()) {
    const auto written = serializer.read(part.data(), part.size());
    out.append(written.data(), written.size());
  }
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
  std::string_view digits = text;
  for (int padding = 0; padding < 2 && digits.ends_with('='); ++padding) digits.remove_suffix(1);
  if (text.size() % 4 != 0 || digits.find('=') != std::string_view::npos) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() * 3 / 4);
  try {
    Bytes at(digits.begin());
    for (std::size_t i = 0; i < digits.size() * 3 / 4; ++i) bytes.push_back(*at++);
  } catch (const iterators::dataflow_exception&) {
    return std::nullopt;
  }
  std::string end;  // its last digit can have bits too many
  append_base64(end, std::string_view(bytes).substr(bytes.size() - bytes.size() % 3));
  if (!text.ends_with(end)) return std::nullopt;
  return bytes;
}

}  // namespace purgatory::json_lines

#include "apps/purgatoryd/http/head.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/url/parse.hpp>

namespace purgatory::server::http {
namespace {

namespace beast = boost::beast;

constexpr std::string_view kEmptyLine = "\r\n";

bool is_control(char byte) { return (byte >= 0 && byte < ' ') || byte == '\x7f'; }

std::string_view view(boost::core::string_view text) { return {text.data(), text.size()}; }

void check_target(std::string_view target) {
  const boost::core::string_view text(target.data(), target.size());
  if (boost::urls::parse_origin_form(text)) return;
  const auto url = boost::urls::parse_absolute_uri(text);
  const bool web = url && (url->scheme_id() == boost::urls::scheme::http ||
                           url->scheme_id() == boost::urls::scheme::https);
  // The path of "http://host:x/" is "x/" to the parser.
  const bool right = web && (url->is_path_absolute() || url->encoded_path().empty());
  if (right && !url->host().empty() && !url->has_userinfo()) return;
  throw Malformed(
      "The target of the request is neither a path nor an http address (RFC 9112, 3.2).");
}

/// uri-host [ ":" port ] of RFC 9110, 7.2.
void check_host(const Head& head, unsigned version) {
  const auto hosts = head.values("Host");
  if (hosts.empty() && version == 10) return;
  if (hosts.size() != 1) throw Malformed("A request has exactly one Host (RFC 9112, 3.2).");
  const auto authority = boost::urls::parse_authority({hosts[0].data(), hosts[0].size()});
  if (!authority || authority->has_userinfo() || authority->encoded_host().empty()) {
    throw Malformed("Host is no host with an optional port (RFC 9110, 7.2).");
  }
}

/// No call takes a body, and a request that has one is where requests are smuggled.
void check_no_body(const Head& head) {
  if (!head.values("Transfer-Encoding").empty()) {
    throw Malformed("No call here takes a body: send no Transfer-Encoding.");
  }
  const auto lengths = head.values("Content-Length");
  if (lengths.empty() || (lengths.size() == 1 && lengths[0] == "0")) return;
  throw Malformed("No call here takes a body: send no Content-Length, or one of 0.");
}

/// RFC 9112, 9.3: of several options "close" counts, wherever it stands.
bool keeps_alive(const Head& head, unsigned version) {
  bool asked = version == 11;
  for (const std::string_view value : head.values("Connection")) {
    beast::http::token_list options({value.data(), value.size()});
    if (options.exists("close")) return false;
    asked = asked || options.exists("keep-alive");
  }
  return asked;
}

Head parse(std::string_view text) {
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.eager(false);
  parser.header_limit(static_cast<std::uint32_t>(HeadReader::kMostBytes));
  boost::system::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  if (error || !parser.is_header_done()) {
    throw Malformed(fmt::format("This is no request of HTTP/1.1: {}.", error.message()));
  }
  const auto& request = parser.get();
  Head head{.method = std::string(view(request.method_string())),
            .target = std::string(view(request.target())),
            .fields = {}};
  for (const auto& field : request) {
    head.fields.emplace_back(view(field.name_string()), view(field.value()));
  }
  head.keep_alive = keeps_alive(head, request.version());
  check_target(head.target);
  check_host(head, request.version());
  check_no_body(head);
  return head;
}

}  // namespace

std::vector<std::string_view> Head::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& [field, value] : fields) {
    if (beast::iequals({field.data(), field.size()}, {name.data(), name.size()})) {
      found.emplace_back(value);
    }
  }
  return found;
}

std::optional<Head> HeadReader::read(std::string& received) {
  if (!skipped_ && received.starts_with(kEmptyLine)) {
    received.erase(0, kEmptyLine.size());
    skipped_ = true;
  }
  if (!scan(received)) return std::nullopt;
  const std::string text = received.substr(0, scanned_);
  received.erase(0, scanned_);
  *this = {};
  return parse(text);
}

bool HeadReader::scan(std::string_view received) {
  if (received == kEmptyLine.substr(0, 1)) return false;  // of an empty line, perhaps
  while (scanned_ < received.size()) {
    const char byte = received[scanned_];
    if (++scanned_ > kMostBytes) {
      throw Malformed(fmt::format("The head of a request has at most {} bytes.", kMostBytes));
    }
    check_byte(byte);
    last_ = byte;
    if (byte != '\n') {
      ++line_size_;
    } else if (line_size_ == 1) {
      return true;
    } else {
      end_line();
    }
  }
  return false;
}

void HeadReader::check_byte(char byte) const {
  if ((last_ == '\r') != (byte == '\n')) {
    throw Malformed("A line ends with CR and LF, and neither stands elsewhere (RFC 9112, 2.2).");
  }
  if (line_size_ == 0 && (byte == ' ' || byte == '\t')) {
    throw Malformed("A line begins with a space: folded lines are refused (RFC 9112, 5.2).");
  }
  if (is_control(byte) && byte != '\r' && byte != '\n' && byte != '\t') {
    throw Malformed("There is a control character in the head of the request.");
  }
}

void HeadReader::end_line() {
  line_size_ = 0;
  if (++lines_ > 1 + kMostFields) {
    throw Malformed(fmt::format("A request has at most {} fields.", kMostFields));
  }
}

}  // namespace purgatory::server::http

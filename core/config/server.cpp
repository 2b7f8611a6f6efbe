#include "core/config/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "core/config/schema.hpp"
#include "core/options/table.hpp"
#include "purgatory/error.hpp"

namespace purgatory::config {
namespace {

using Auth = Config::Server::Auth;

constexpr std::array kAddresses{"listen", "admin"};
constexpr std::string_view kWrongSecret =
    "takes 16 visible ASCII characters or more, without spaces; 'openssl rand -hex 32' prints some";
constexpr std::string_view kInsecure =
    "mode none lets everybody who reaches the server delete: 'insecure: true' says that this is "
    "meant";

Auth::Mode mode_of(std::string_view text) {
  if (text == "gateway") return Auth::Mode::gateway;
  return text == "none" ? Auth::Mode::none : Auth::Mode::tokens;
}

std::string_view text_of(Auth::Mode mode) {
  switch (mode) {
    case Auth::Mode::tokens: return "tokens";
    case Auth::Mode::gateway: return "gateway";
    case Auth::Mode::none: break;
  }
  return "none";
}

bool is_host(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (!text.starts_with('[')) return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1;
  if (!text.ends_with(']')) return false;
  return ::inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), bytes.data()) == 1;
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && behind == end;
}

bool is_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  return colon != std::string::npos && is_host(text.substr(0, colon)) &&
         is_port(std::string_view(text).substr(colon + 1));
}

std::string no_address(std::string_view written) {
  return fmt::format(
      "{} is not ADDRESS:PORT: write a numeric address and a port up to 65535, "
      "\"127.0.0.1:8080\" or \"[::1]:8080\"",
      options::quote(written));
}

/// What a header can carry, and is not soon guessed.
bool is_gateway_secret(std::string_view text) {
  constexpr std::size_t kLeast = 16;
  return text.size() >= kLeast &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Of a required option: nothing if it is missing, which is a mistake already.
std::string text_or_nothing(const Options& values, std::string_view key) {
  return values.has(key) ? values.text(key) : std::string();
}

/// Reads `server.auth`, and what only the whole of it shows.
class AuthReader {
 public:
  AuthReader(SectionReader& sections, Mistakes& mistakes)
      : sections_(sections), mistakes_(mistakes) {}

  Auth read(const Node& section) {
    static const std::array<std::string, 2> children{"tokens", "gateway"};
    const Options values =
        sections_.read(section, std::string(kServerAuthKey), kServerAuthTable, children);
    Auth auth;
    if (const Node* tokens = section.find("tokens")) auth.tokens_file = read_tokens(*tokens);
    if (const Node* gateway = section.find("gateway")) auth.gateway_secret = read_gateway(*gateway);
    if (!values.has("mode")) return auth;
    const std::string& mode = values.text("mode");
    auth.mode = mode_of(mode);
    auth.insecure = values.boolean("insecure");
    const Node& place = *section.find("mode");
    if (auth.mode == Auth::Mode::none) {
      if (!auth.insecure) mistakes_.add(place.place, path_of(kServerAuthKey, "mode"), kInsecure);
    } else if (section.find(mode) == nullptr) {
      mistakes_.add(place.place, path_of(kServerAuthKey, mode),
                    fmt::format("mode {} needs this section, and it is missing", mode));
    }
    return auth;
  }

 private:
  std::string read_tokens(const Node& section) {
    return text_or_nothing(
        sections_.read(section, std::string(kServerTokensKey), kServerTokensTable), "file");
  }

  std::string read_gateway(const Node& section) {
    const std::string path(kServerGatewayKey);
    std::string secret =
        text_or_nothing(sections_.read(section, path, kServerGatewayTable), "secret");
    if (secret.empty() || is_gateway_secret(secret)) return secret;
    const Node* here = section.find("secret");
    const Node& given = here != nullptr ? *here : *section.find("secret_file");
    mistakes_.add(given.place, path_of(path, given.key), kWrongSecret);
    return secret;
  }

  SectionReader& sections_;
  Mistakes& mistakes_;
};

/// A section as it could be written.
struct Part {
  std::string_view path;
  options::Table table;
  Options values;
};

std::vector<Part> parts_of(const Config::Server& server) {
  const Auth& auth = server.auth;
  std::vector<Part> parts{{kServerKey, kServerTable,
                           Options()
                               .set("listen", server.listen)
                               .set("admin", server.admin)
                               .set("threads", server.threads)
                               .set("connections", server.connections)
                               .set("header_timeout", server.header_timeout)
                               .set("idle_timeout", server.idle_timeout)
                               .set("drain_timeout", server.drain_timeout)}};
  if (server.tls) {
    parts.push_back({kServerTlsKey, kServerTlsTable,
                     Options().set("cert", server.tls->cert).set("key", server.tls->key)});
  }
  parts.push_back({kServerAuthKey, kServerAuthTable,
                   Options().set("mode", text_of(auth.mode)).set("insecure", auth.insecure)});
  if (auth.mode == Auth::Mode::tokens || !auth.tokens_file.empty()) {
    parts.push_back(
        {kServerTokensKey, kServerTokensTable, Options().set("file", auth.tokens_file)});
  }
  if (auth.mode == Auth::Mode::gateway || !auth.gateway_secret.empty()) {
    parts.push_back(
        {kServerGatewayKey, kServerGatewayTable, Options().set("secret", auth.gateway_secret)});
  }
  return parts;
}

}  // namespace

Config::Server read_server(const Node& section, SectionReader& sections, Mistakes& mistakes) {
  static const std::array<std::string, 2> children{"tls", "auth"};
  const Options values = sections.read(section, section.key, kServerTable, children);
  if (section.kind != Node::Kind::map) return {};
  for (const char* key : kAddresses) {
    const Node* written = section.find(key);
    if (written != nullptr && !is_address(values.text(key))) {
      mistakes.add(written->place, path_of(kServerKey, key), no_address(written->text));
    }
  }
  Config::Server server{.listen = values.text("listen"),
                        .admin = values.text("admin"),
                        .threads = values.integer("threads"),
                        .connections = values.integer("connections"),
                        .header_timeout = values.duration("header_timeout"),
                        .idle_timeout = values.duration("idle_timeout"),
                        .drain_timeout = values.duration("drain_timeout")};
  if (const Node* tls = section.find("tls")) {
    const Options files = sections.read(*tls, std::string(kServerTlsKey), kServerTlsTable);
    server.tls = {.cert = text_or_nothing(files, "cert"), .key = text_or_nothing(files, "key")};
  }
  if (const Node* auth = section.find("auth")) {
    server.auth = AuthReader(sections, mistakes).read(*auth);
  } else {
    mistakes.add(section.key_place, kServerAuthKey, "is required and is missing");
  }
  return server;
}

void check(const Config::Server& server) {
  for (const Part& part : parts_of(server)) {
    (void)options::complete(part.values, part.table, part.path);
  }
  const auto refuse = [](std::string_view section, std::string_view key, std::string_view what) {
    throw Error(ErrorCode::config, fmt::format("{}: {}", path_of(section, key), what));
  };
  if (!is_address(server.listen)) refuse(kServerKey, "listen", no_address(server.listen));
  if (!is_address(server.admin)) refuse(kServerKey, "admin", no_address(server.admin));
  const Auth& auth = server.auth;
  if (auth.mode == Auth::Mode::none && !auth.insecure) refuse(kServerAuthKey, "mode", kInsecure);
  if (!auth.gateway_secret.empty() && !is_gateway_secret(auth.gateway_secret)) {
    refuse(kServerGatewayKey, "secret", kWrongSecret);
  }
}

std::string to_yaml(const Config::Server& server) {
  std::string text;
  for (const auto& [path, table, values] : parts_of(server)) {
    const auto depth = static_cast<std::size_t>(std::ranges::count(path, '.'));
    text += fmt::format("{:{}}{}:\n{}", "", 2 * depth, path.substr(path.rfind('.') + 1),
                        options::print(table, values, depth + 1));
  }
  return text;
}

}  // namespace purgatory::config

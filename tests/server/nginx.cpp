#include "tests/server/nginx.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "tests/server/client.hpp"

namespace purgatory::server_test {
namespace {

/// Everything in one directory and one process, so that it runs as anybody. It refuses as little as
/// it can, so that much arrives.
std::string configuration(const std::string& address, const std::string& api) {
  return fmt::format(R"(
daemon off;
master_process off;
pid nginx.pid;
error_log nginx_errors;
events {{ worker_connections 1000; }}
http {{
  log_format passed '$request_id $upstream_status';
  access_log nginx_requests passed;
  client_body_temp_path nginx_body;
  proxy_temp_path nginx_proxy;
  fastcgi_temp_path nginx_fastcgi;
  uwsgi_temp_path nginx_uwsgi;
  scgi_temp_path nginx_scgi;
  client_max_body_size 0;
  large_client_header_buffers 4 16k;
  ignore_invalid_headers off;
  underscores_in_headers on;
  upstream api {{
    server {};
    keepalive 4;
  }}
  server {{
    listen {};
    location / {{
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_next_upstream off;
      proxy_ignore_client_abort on;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_set_header X-Request-Id $request_id;
    }}
  }}
}}
)",
                     api.substr(api.find("//") + 2), address);
}

cli_run::Start start_of(const cli_run::Sandbox& box, const cli_run::File& nothing) {
  cli_run::Start start =
      box.start({"-p", box.path().string(), "-c", "nginx.conf", "-e", "nginx_errors"});
  start.in = start.out = start.err = nothing.number();
  return start;
}

bool listens(const std::string& address) {
  try {
    const Client client(address);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

Nginx::Nginx(const cli_run::Sandbox& box, const std::string& api)
    : box_(box), address_("unix:" + (box / "nginx.sock").string()), process_([&] {
        box.write("nginx.conf", configuration(address_, api));
        return cli_run::Process(PURGATORY_NGINX,
                                start_of(box, cli_run::open_file("/dev/null", O_RDWR)));
      }()) {
  cli_run::wait_until("nginx listens", [this] { return listens(address_); });
}

std::vector<Nginx::Passed> Nginx::stop() {
  process_.signal(SIGQUIT);
  if (process_.wait() != 0) throw std::runtime_error("nginx: " + box_.read("nginx_errors"));
  std::vector<Passed> passed;
  std::istringstream requests(box_.read("nginx_requests"));
  for (Passed one; requests >> one.id >> one.status;) {
    if (one.status != "-") passed.push_back(one);
  }
  return passed;
}

}  // namespace purgatory::server_test

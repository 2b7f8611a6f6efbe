#include "apps/purgatoryd/server.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "apps/purgatoryd/admin/admin.hpp"
#include "apps/purgatoryd/api.hpp"
#include "apps/purgatoryd/auth/authenticator.hpp"
#include "apps/purgatoryd/health.hpp"
#include "apps/purgatoryd/http/port.hpp"
#include "apps/purgatoryd/log.hpp"
#include "apps/purgatoryd/metrics.hpp"
#include "apps/purgatoryd/tls.hpp"
#include "purgatory/error.hpp"
#include "purgatory/failed_jobs.hpp"
#include "purgatory/task_center.hpp"

namespace purgatory::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Connections that the admin port has room for.
constexpr std::size_t kAdminConnections = 32;
/// Descriptors for the store, the log, and connections that are told to come later.
constexpr std::size_t kOtherDescriptors = 256;

const Config::Server& settings_of(const Config& config) {
  if (config.server) return *config.server;
  throw Error(ErrorCode::config,
              "the configuration has no 'server:', which says where to listen and whom to trust");
}

/// As many descriptors as this process may have; the system's default is 1024.
std::size_t allow_descriptors() {
  rlimit limit{};
  (void)::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit all{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &all) == 0 ? all.rlim_cur : limit.rlim_cur;
}

/// The server while it runs; destroyed in the opposite order, so that nothing is called that is
/// gone.
class Server {
 public:
  Server(const Config& config, std::filesystem::path file)
      : file_(std::move(file)),
        settings_(settings_of(config)),
        drain_timer_(context_),
        log_(STDERR_FILENO),
        host_{.log =
                  [this](const LogEvent& event) {
                    health_.note(event);
                    log_.write(event);
                  },
              .metric =
                  [this](const Metric& metric) {
                    health_.note(metric);
                    metrics_.observe(metric);
                  }},
        authenticator_(make_authenticator(settings_.auth, host_)),
        tls_(make_tls(settings_.tls)),
        jobs_(FailedJobs::open(config, host_)),
        handler_(jobs_, config.task_center),
        api_(handler_, *authenticator_, host_, log_, metrics_),
        admin_(jobs_, metrics_, health_, [this] { return api_port_->connections(); }),
        pool_(static_cast<std::size_t>(settings_.threads)),
        signals_(context_, SIGTERM, SIGINT, SIGHUP) {
    http::PortSettings port{.connections = static_cast<std::size_t>(settings_.connections),
                            .header_timeout = settings_.header_timeout,
                            .idle_timeout = settings_.idle_timeout,
                            .queue_timeout = config.repository.timeout,
                            .on_trouble = [this](std::string_view what) {
                              log_.write(LogEvent::Level::error, "port_trouble", {{"what", what}});
                            }};
    api_port_ = std::make_unique<http::Port>(context_, settings_.listen, port, pool_, api_,
                                             tls_ ? &*tls_ : nullptr);
    port.connections = kAdminConnections;
    admin_port_ =
        std::make_unique<http::Port>(context_, settings_.admin, port, admin_pool_, admin_, nullptr);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void run() {
    const std::size_t descriptors = allow_descriptors();
    const std::size_t wanted =
        static_cast<std::size_t>(settings_.connections) + kAdminConnections + kOtherDescriptors;
    if (descriptors < wanted) {
      log_.write(LogEvent::Level::warning, "few_descriptors",
                 {{"limit", descriptors}, {"wanted", wanted}});
    }
    serve();
    log_.write(LogEvent::Level::info, "stopped", {});
  }

 private:
  void serve() {
    jobs_.start();
    await_signal();
    log_.write(LogEvent::Level::info, "listening",
               {{"api", api_port_->url()}, {"admin", admin_port_->url()}});
    context_.run();
    pool_.stop();  // what still waits was not begun
    pool_.join();
    admin_pool_.stop();
    admin_pool_.join();
    jobs_.stop();
  }

  void await_signal() {
    signals_.async_wait([this](error_code error, int number) {
      if (error) return;
      number == SIGHUP ? reload() : drain();
      await_signal();
    });
  }

  void reload() {
    reload_policy();
    if (settings_.auth.mode == Config::Server::Auth::Mode::tokens) {
      reload("tokens", [this] { return authenticator_->reload(); });
    }
    if (settings_.tls) {
      reload("certificates", [this] {
        tls_ = make_tls(settings_.tls);  // connections that are open keep the old one
        return 1U;
      });
    }
  }

  /// One that is as it was is not activated anew: who reads tokens again takes nobody's turn.
  void reload_policy() {
    try {
      const Config config = Config::load(file_);
      const std::string hash = config.retention.policy.hash();
      const bool changed = hash != jobs_.policy().hash();
      if (changed) jobs_.reload(config.retention.policy);
      for (const std::string& warning : config.warnings) {
        log_.write(LogEvent::Level::warning, "config_warning", {{"warning", clean(warning)}});
      }
      log_.write(LogEvent::Level::info, "policy_reloaded", {{"hash", hash}, {"changed", changed}});
    } catch (const std::exception& error) {
      log_.write(LogEvent::Level::error, "policy_not_reloaded", {{"why", clean(error.what())}});
    }
  }

  /// What cannot be read stays as it was.
  void reload(std::string_view what, const std::function<std::size_t()>& read) {
    try {
      const std::size_t count = read();
      log_.write(LogEvent::Level::info, fmt::format("{}_reloaded", what), {{what, count}});
    } catch (const Error& error) {
      log_.write(LogEvent::Level::error, fmt::format("{}_not_reloaded", what),
                 {{"why", clean(error.what())}});
    }
  }

  void drain() {
    if (draining_) return context_.stop();
    draining_ = true;
    log_.write(LogEvent::Level::info, "draining", {});
    admin_.drain();
    drain_timer_.expires_after(settings_.drain_timeout);
    drain_timer_.async_wait([this](error_code error) {
      if (!error) context_.stop();
    });
    api_port_->drain([this] { context_.stop(); });
  }

  const std::filesystem::path file_;
  const Config::Server settings_;
  asio::io_context context_{1};
  asio::steady_timer drain_timer_;
  Log log_;
  Metrics metrics_;
  Health health_;
  const Host host_;
  const std::unique_ptr<Authenticator> authenticator_;
  std::optional<asio::ssl::context> tls_;
  FailedJobs jobs_;
  const task_center::Handler handler_;
  Api api_;
  Admin admin_;
  asio::thread_pool pool_;
  asio::thread_pool admin_pool_{Admin::kThreads};
  asio::signal_set signals_;
  std::unique_ptr<http::Port> api_port_;
  std::unique_ptr<http::Port> admin_port_;
  bool draining_ = false;
};

}  // namespace

void check(const Config& config) {
  const Host host;
  const Config::Server& settings = settings_of(config);
  (void)make_authenticator(settings.auth, host);
  (void)make_tls(settings.tls);
  FailedJobs jobs = FailedJobs::open(config, host);
  (void)task_center::Handler(jobs, config.task_center);
}

void serve(const Config& config, const std::filesystem::path& file) { Server(config, file).run(); }

}  // namespace purgatory::server

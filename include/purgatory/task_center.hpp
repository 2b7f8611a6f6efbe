#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "purgatory/config.hpp"
#include "purgatory/failed_jobs.hpp"

/// The task-center API over HTTP (docs/task-center.md), for a host's own web server.
namespace purgatory::task_center {

/// Who asks. The host has authenticated them.
struct Identity {
  std::string name;                     ///< Into the journal as the actor: 1..255 bytes.
  std::vector<std::string> projects{};  ///< Those that they may see.
  bool every_project = false;           ///< Then `projects` does not matter.
  bool may_delete = false;
};

/// What of a request matters here. The host has checked its framing (RFC 9112). Borrows.
struct Request {
  std::string_view method;                 ///< As it came: "DELETE".
  std::string_view target;                 ///< As it came: "/v1/..." or "http://host/v1/...".
  std::vector<std::string_view> accept{};  ///< The value of each Accept header.
  bool has_body = false;
  std::optional<Identity> identity{};  ///< Absent: nobody was authenticated.
  std::string_view id{};  ///< Names the request where its cause is for the log; may be empty.
};

struct Response {
  unsigned status = 500;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string fault;  ///< What went wrong, for the host's log; a client must not see it.
  /// Of the handler's: "list", "purge_level", "purge_group", "purge_job", for a metric of the host;
  /// empty: the request is none of them.
  std::string_view call{};
};

/// An answer with the API's error body, also for what the host refuses by itself (401, 407, 408,
/// 503 ...).
[[nodiscard]] Response error_response(unsigned status, std::string_view code,
                                      std::string_view message);

/// Answers the calls of the API. It has no socket and no thread; any thread may call it.
class Handler {
 public:
  /// `jobs` must outlive it. Throws Error{config} if a setting is out of range.
  explicit Handler(FailedJobs& jobs, const Config::TaskCenter& settings = {});

  /// Never throws; whatever fails is an answer. The answer to HEAD is that to GET: the host sends
  /// its headers alone.
  [[nodiscard]] Response handle(const Request& request) const noexcept;

 private:
  FailedJobs& jobs_;
  Config::TaskCenter settings_;
};

}  // namespace purgatory::task_center

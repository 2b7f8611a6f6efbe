#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "core/config/own.hpp"
#include "core/options/value.hpp"
#include "core/task_center/accept.hpp"
#include "core/task_center/answer.hpp"
#include "core/task_center/query.hpp"
#include "core/task_center/route.hpp"
#include "purgatory/task_center.hpp"

namespace purgatory::task_center {
namespace {

constexpr std::string_view kReason = "task center";

void check_identity(const std::optional<Identity>& identity) {
  if (identity) return;
  Response response = error_response(401, codes::kToken,
                                     "Nobody is authenticated: it takes a valid X-Auth-Token, or a "
                                     "gateway that names the sender.");
  response.headers.emplace_back("WWW-Authenticate", "X-Auth-Token");
  throw Refused(std::move(response));
}

void check_permission(const Identity& identity, const Route& route) {
  const bool seen = identity.every_project ||
                    std::ranges::find(identity.projects, route.project) != identity.projects.end();
  if (!seen) {
    throw Refused(403, codes::kPermission,
                  fmt::format("The sender is not of project {}.", options::quote(route.project)));
  }
  if (route.call == Route::Call::list || identity.may_delete) return;
  throw Refused(403, codes::kPermission, "The sender may read, not delete.");
}

/// One request that may be answered.
class Action {
 public:
  Action(FailedJobs& jobs, const Config::TaskCenter& settings, const Identity& identity,
         const Route& route)
      : jobs_(jobs), settings_(settings), actor_{identity.name}, route_(route) {}

  [[nodiscard]] Response run(const boost::urls::url_view& url) const {
    switch (route_.call) {
      case Route::Call::list: return list(read_query(url.params(), route_.project));
      case Route::Call::purge_level: return purge(level());
      case Route::Call::purge_group: return purge(Scope::group(route_.project, route_.group));
      case Route::Call::purge_job: break;
    }
    return purge_job();
  }

 private:
  [[nodiscard]] Scope level() const {
    return settings_.batch_scope == Config::TaskCenter::BatchScope::project
               ? Scope::project(route_.project)
               : Scope::project_level(route_.project);
  }

  [[nodiscard]] Response purge(const Scope& scope) const {
    return purged_response(jobs_.purge(scope, actor_, {.reason = std::string(kReason)}));
  }

  [[nodiscard]] Response list(const Query& query) const {
    FailedJobRepository& repository = jobs_.repository();
    const Call call = jobs_.begin_call();  // all of its steps end by one deadline
    std::uint64_t count = repository.count(call, query.selection, settings_.count_limit + 1);
    const bool exact = count <= settings_.count_limit;
    std::vector<StoredJob> jobs;
    if (query.limit == 0 || (exact && query.offset >= count)) return page_response(count, jobs);

    std::optional<ListCursor> after;
    std::uint64_t to_skip = query.offset;
    do {
      const std::uint64_t wanted = std::min(to_skip + query.limit - jobs.size(), kMostPerPage);
      auto page = repository.list(call, query.selection, after, static_cast<std::size_t>(wanted));
      const auto skipped = std::min<std::uint64_t>(to_skip, page.items.size());
      to_skip -= skipped;
      std::move(page.items.begin() + static_cast<std::ptrdiff_t>(skipped), page.items.end(),
                std::back_inserter(jobs));
      after = std::move(page.next);
    } while (after && jobs.size() < query.limit);
    const std::uint64_t seen = query.offset - to_skip + jobs.size();
    if (!exact) count = seen + (after ? 1 : 0);
    return page_response(std::max(count, seen), jobs);
  }

  /// The job that the path names: by its id, or by that of its resource if that says which.
  [[nodiscard]] StoredJob find_job() const {
    const std::string& id = route_.job_id;
    const auto groups = jobs_.locate(route_.project, id);
    if (groups.size() > 1) {
      throw Refused(409, codes::kConflict,
                    fmt::format("Several groups have a job {}: {}; delete those of a group.",
                                options::quote(id), fmt::join(groups, ", ")));
    }
    if (groups.size() == 1) {
      if (auto stored = jobs_.find(route_.project, groups[0], id)) return std::move(*stored);
    } else {
      auto found = jobs_.repository().with_resource(jobs_.begin_call(), route_.project, {}, id, 2);
      if (found.size() == 1) return std::move(found[0]);
    }
    throw Refused(404, codes::kNotFound,
                  fmt::format("Project {} has no failed job {}.", options::quote(route_.project),
                              options::quote(id)));
  }

  [[nodiscard]] Response purge_job() const {
    constexpr int kAttempts = 3;  // each time it failed again in between
    PurgeOptions options{.reason = std::string(kReason)};
    for (int i = 0; i < kAttempts; ++i) {
      const StoredJob stored = find_job();
      const JobRef ref = ref_of(stored);
      const Receipt receipt = jobs_.purge(route_.project, {&ref, 1}, actor_, options);
      if (receipt.jobs > 0) return purged_response(receipt);
      if (receipt.held > 0) {
        throw Refused(
            409, codes::kConflict,
            fmt::format("Job {} is held: release it first.", options::quote(stored.job.job_id)));
      }
      options.purge_id = receipt.purge_id;
    }
    throw Refused(409, codes::kConflict,
                  fmt::format("Job {} fails again and again meanwhile: repeat it.",
                              options::quote(route_.job_id)));
  }

  FailedJobs& jobs_;
  const Config::TaskCenter& settings_;
  const Actor actor_;
  const Route& route_;
};

Response answer(FailedJobs& jobs, const Config::TaskCenter& settings, const Request& request,
                const boost::urls::url_view& url, const Route& route) {
  check_identity(request.identity);
  check_ids(route);
  check_permission(*request.identity, route);
  if (request.has_body) {
    throw Refused(400, codes::kParameter, "No call here takes a body: send none.");
  }
  Response response = Action(jobs, settings, *request.identity, route).run(url);
  if (!response.body.empty() && !accepts_json(request.accept)) {
    throw Refused(406, codes::kNotAcceptable,
                  "The answer is application/json, which Accept refuses.");
  }
  return response;
}

/// What `make` returns, or the answer that an error becomes.
Response answer_of(std::string_view request_id, const auto& make) {
  try {
    return make();
  } catch (const Refused& refused) {
    return refused.response();
  } catch (const Error& error) {
    return failure_response(error, request_id);
  } catch (const std::exception& error) {
    return defect_response(error.what(), request_id);
  } catch (...) {
    return defect_response("a callback of the host threw what is no std::exception", request_id);
  }
}

}  // namespace

Handler::Handler(FailedJobs& jobs, const Config::TaskCenter& settings)
    : jobs_(jobs), settings_(settings) {
  config::check(settings);
}

Response Handler::handle(const Request& request) const noexcept {
  return answer_of(request.id, [&] {
    const boost::urls::url_view url = parse_target(request.target);
    const Route route = find_route(url, request.method);
    Response response =
        answer_of(request.id, [&] { return answer(jobs_, settings_, request, url, route); });
    response.call = name_of(route.call);
    return response;
  });
}

}  // namespace purgatory::task_center

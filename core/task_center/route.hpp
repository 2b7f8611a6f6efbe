#pragma once

#include <boost/url/url_view.hpp>
#include <string>
#include <string_view>

/// Which call a request means.
namespace purgatory::task_center {

struct Route {
  enum class Call { list, purge_level, purge_group, purge_job };

  Call call = Call::list;
  std::string project;
  std::string group;   ///< Of purge_group.
  std::string job_id;  ///< Of purge_job.
};

/// The target in origin or absolute form, taken apart. Borrows. Throws Refused{400}.
[[nodiscard]] boost::urls::url_view parse_target(std::string_view target);

/// The call of a path and a method; its ids are not looked at yet. Throws Refused{404, 405, 501}.
[[nodiscard]] Route find_route(const boost::urls::url_view& url, std::string_view method);

/// What metrics call it.
[[nodiscard]] std::string_view name_of(Route::Call call);

/// Throws Refused{400} if what the path names cannot be an id.
void check_ids(const Route& route);

/// Throws Refused{400} naming `what` if it is no id.
void check_id(std::string_view what, std::string_view id, std::string_view code);

}  // namespace purgatory::task_center

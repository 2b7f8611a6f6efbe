#include "core/task_center/answer.hpp"

#include <fmt/format.h>

#include <boost/locale/utf.hpp>

#include "core/json_lines/text.hpp"

namespace purgatory::task_center {
namespace {

/// The text with U+FFFD for each byte that is not UTF-8.
std::string mended(std::string_view text) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  std::string out;
  out.reserve(text.size());
  for (const char* at = text.begin(); at != text.end();) {
    const char* begin = at;
    if (boost::locale::utf::is_valid_codepoint(Utf8::decode(at, text.end()))) {
      out.append(begin, at);
    } else {
      at = begin + 1;
      out.append("\xEF\xBF\xBD");
    }
  }
  return out;
}

void append_text(std::string& out, std::string_view text) {
  if (json_lines::is_utf8(text)) return json_lines::append_json(out, text);
  json_lines::append_json(out, mended(text));
}

void append_job(std::string& out, const FailedJob& job) {
  const auto append = [&out](std::string_view name, std::string_view text) {
    out.append(",\"").append(name).append("\":");
    append_text(out, text);
  };
  out += R"({"job_status":"FAIL")";
  append("resource_id", job.resource_id);
  append("resource_name", job.resource_name);
  append("resource_type", job.resource_type);
  append("failure_status", job.failure_status);
  append("job_id", job.job_id);
  append("job_type", job.job_type);
  append("begin_time", format_time(job.failed_at));
  append("error_code", job.error_code);
  append("fail_reason", job.fail_reason);
  out += '}';
}

Response json_response(unsigned status, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body),
          .fault = {}};
}

/// A fault: its text goes to the log, the client learns what it can do.
Response fault_response(unsigned status, std::string_view code, std::string_view message,
                        std::string_view fault, std::string_view request_id) {
  Response response =
      error_response(status, code,
                     request_id.empty() ? std::string(message)
                                        : fmt::format("{} (request {})", message, request_id));
  response.fault = fault;
  return response;
}

}  // namespace

Response error_response(unsigned status, std::string_view code, std::string_view message) {
  std::string body = R"({"error":{"code":)";
  append_text(body, code);
  body += R"(,"message":)";
  append_text(body, message);
  return json_response(status, body + "}}");
}

Response page_response(std::uint64_t count, std::span<const StoredJob> jobs) {
  std::string body = fmt::format(R"({{"count":{},"failure_jobs":[)", count);
  for (const StoredJob& stored : jobs) {
    if (body.back() == '}') body += ',';
    append_job(body, stored.job);
  }
  return json_response(200, body + "]}");
}

Response purged_response(const Receipt& receipt) {
  return {.status = 204, .headers = {{"X-Purge-Id", receipt.purge_id}}, .body = {}, .fault = {}};
}

Response failure_response(const Error& error, std::string_view request_id) {
  const auto fault = [&](unsigned status, std::string_view code, std::string_view message) {
    return fault_response(status, code, message, error.what(), request_id);
  };
  switch (error.code()) {
    case ErrorCode::invalid_argument: return error_response(400, codes::kParameter, error.what());
    case ErrorCode::not_found: return error_response(404, codes::kNotFound, error.what());
    case ErrorCode::conflict: return error_response(409, codes::kConflict, error.what());
    case ErrorCode::unsupported:
      return fault(501, codes::kUnsupported, "The store cannot do this.");
    case ErrorCode::corrupt:
      return fault(502, codes::kCorrupt, "The store is damaged: tell whoever runs it.");
    case ErrorCode::unavailable:
    case ErrorCode::exhausted: {
      Response response = fault(503, codes::kUnavailable,
                                "The store cannot be reached or has no room: repeat it later.");
      response.headers.emplace_back("Retry-After", "5");
      return response;
    }
    case ErrorCode::timeout:
    case ErrorCode::outcome_unknown:
      return fault(504, codes::kTimeout,
                   "The store did not answer in time; repeating the request is safe.");
    case ErrorCode::permission:
    case ErrorCode::config:
    case ErrorCode::plugin:
    case ErrorCode::guard: break;
  }
  return defect_response(error.what(), request_id);
}

Response defect_response(std::string_view what, std::string_view request_id) {
  return fault_response(500, codes::kInternal, "An internal fault: tell whoever runs this service.",
                        what, request_id);
}

}  // namespace purgatory::task_center

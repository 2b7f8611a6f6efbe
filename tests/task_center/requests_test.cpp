// Which requests are answered at all: routes, methods, identities, ids, Accept.

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/task_center/fixture.hpp"

namespace purgatory::task_center_test {
namespace {

constexpr std::string_view kList = "/v1/shop/task-center/failure-jobs";
constexpr std::string_view kBatch = "/v1/shop/task-center/failure-jobs/batch";
constexpr std::string_view kNoCall =
    "404 PURGATORY.0404: There is no such call; docs/task-center.md lists them.";

TEST_CASE("what is no call of the API is not found") {
  Center center;
  for (const char* target :
       {"/", "/v1", "/v1/shop", "/v2/shop/task-center/failure-jobs", "/v1/shop/task-center",
        "/v1/shop/task-center/failure-jobs/", "/v1//task-center/failure-jobs",
        "/v1/shop/task-center//failure-jobs/batch", "/v1/shop/task-center/failure-jobs/batch/",
        "/v1/shop/task-center/g/failure-jobs", "/v1/shop/task-center/g/failure-jobs/a",
        "/v1/shop/task-center/g/h/failure-jobs/batch", "/V1/shop/task-center/failure-jobs",
        "/v1/shop/task-center/../failure-jobs", "/v1%2Fshop/task-center/failure-jobs"}) {
    for (const char* method : {"GET", "DELETE", "BREW"}) {
      CAPTURE(target, method);
      CHECK(shown(center.handle({.method = method, .target = target, .identity = an_operator()})) ==
            kNoCall);
    }
  }
}

TEST_CASE("a target that is no path of a URI is refused") {
  Center center;
  for (const char* target : {"", "*", "shop", "/a b", "/%", "/%zz", "/caf\xC3\xA9", "/a#b",
                             "/v1/shop/task-center/failure-jobs?a=%"}) {
    CAPTURE(target);
    const Response response =
        center.handle({.method = "GET", .target = target, .identity = an_operator()});
    CHECK(response.status == 400);
    CHECK(shown(response).starts_with("400 SDRS.0201: The target '"));
  }
}

TEST_CASE("an answer says which call it is of, also if that failed") {
  Center center;
  const auto call = [&](std::string_view method, std::string_view path) {
    return std::string(center.send(method, path).call);
  };
  CHECK(call("GET", "failure-jobs") == "list");
  CHECK(call("GET", "failure-jobs?limit=x") == "list");
  CHECK(call("DELETE", "failure-jobs/batch") == "purge_level");
  CHECK(call("DELETE", "g/failure-jobs/batch") == "purge_group");
  CHECK(call("DELETE", "failure-jobs/none") == "purge_job");
  CHECK(call("POST", "failure-jobs").empty());
  CHECK(call("GET", "jobs").empty());
}

TEST_CASE("a target may be absolute, and may encode what needs no encoding") {
  Center center;
  const auto status = [&](std::string_view method, std::string_view target) {
    center.service.record({a_job("a"), a_job("batch")});
    return center.handle({.method = method, .target = target, .identity = an_operator()}).status;
  };
  CHECK(status("GET", "http://example.com/v1/shop/task-center/failure-jobs?limit=1") == 200);
  CHECK(status("GET", "/v1/sh%6Fp/task%2Dcenter/failure-jobs") == 200);
  CHECK(status("DELETE", "/v1/shop/task-center/failure-jobs/%62atch") == 204);
  CHECK(center.service.live().empty());
}

TEST_CASE("a method that a call does not have is refused with those that it has") {
  Center center;
  const auto refused = [&](std::string_view method, std::string_view target) {
    const Response response =
        center.handle({.method = method, .target = target, .identity = an_operator()});
    return fmt::format("{}|{}", shown(response), header_of(response, "Allow"));
  };
  CHECK(refused("POST", kBatch) ==
        "405 PURGATORY.0405: 'POST' is not what can be done here: use DELETE.|DELETE");
  CHECK(refused("GET", kBatch) ==
        "405 PURGATORY.0405: 'GET' is not what can be done here: use DELETE.|DELETE");
  CHECK(refused("DELETE", kList) ==
        "405 PURGATORY.0405: 'DELETE' is not what can be done here: use GET, HEAD.|GET, HEAD");
  CHECK(refused("OPTIONS", "/v1/shop/task-center/failure-jobs/a").ends_with("|DELETE"));
  CHECK(refused("HEAD", "/v1/shop/task-center/g/failure-jobs/batch").ends_with("|DELETE"));
  CHECK(refused("BREW", kBatch) == "501 PURGATORY.0501: There is no method 'BREW'.|");
  CHECK(refused("delete", kBatch) == "501 PURGATORY.0501: There is no method 'delete'.|");
}

TEST_CASE("HEAD is answered as GET is") {
  Center center;
  center.service.record(a_job("a"));
  CHECK(center.send("HEAD", "failure-jobs").body == center.send("GET", "failure-jobs").body);
}

TEST_CASE("nobody is nobody, whatever they ask for") {
  Center center;
  center.service.record(a_job("a"));
  for (const std::string_view target :
       {kBatch, std::string_view("/v1/-!-/task-center/failure-jobs/batch")}) {
    const Response response = center.handle({.method = "DELETE", .target = target});
    CHECK(shown(response) ==
          "401 SDRS.0002: Nobody is authenticated: it takes a valid X-Auth-Token, or a gateway "
          "that names the sender.");
    CHECK(header_of(response, "WWW-Authenticate") == "X-Auth-Token");
  }
  CHECK(center.service.live() == IdSet{"a"});
}

TEST_CASE("a project is nobody else's, and a reader deletes nothing") {
  Center center;
  center.service.record({a_job("a"), a_job("b").group("g")});
  Identity stranger = an_operator();
  stranger.projects = {"other", "sho", "shopp", ""};
  Identity reader = an_operator();
  reader.may_delete = false;

  struct Ask {
    const char* method;
    const char* path;
  };
  for (const Ask ask :
       {Ask{"GET", "failure-jobs"}, Ask{"HEAD", "failure-jobs"},
        Ask{"DELETE", "failure-jobs/batch"}, Ask{"DELETE", "failure-jobs/a"},
        Ask{"DELETE", "g/failure-jobs/batch"}, Ask{"DELETE", "failure-jobs/no-such-job"}}) {
    CAPTURE(ask.method, ask.path);
    const std::string target = fmt::format("/v1/shop/task-center/{}", ask.path);
    const auto asked_by = [&](const Identity& identity) {
      return center.handle({.method = ask.method, .target = target, .identity = identity});
    };
    CHECK(shown(asked_by(stranger)) == "403 SDRS.0005: The sender is not of project 'shop'.");
    if (std::string_view(ask.method) == "DELETE") {
      CHECK(shown(asked_by(reader)) == "403 SDRS.0005: The sender may read, not delete.");
    } else {
      CHECK(asked_by(reader).status == 200);
    }
  }
  CHECK(center.service.live() == IdSet{"a", "b"});
}

TEST_CASE("who may see every project may see this one") {
  Center center;
  const Identity all{.name = "root", .projects = {}, .every_project = true, .may_delete = true};
  CHECK(center.handle({.method = "DELETE", .target = kBatch, .identity = all}).status == 204);
}

TEST_CASE("an id has 1 to 64 plain bytes") {
  Center center;
  const std::string longest(64, 'x');
  const auto said = [&](const std::string& target) {
    const Identity all{.name = "root", .projects = {}, .every_project = true, .may_delete = true};
    return shown(center.handle({.method = "DELETE", .target = target, .identity = all}));
  };
  CHECK(said("/v1/" + longest + "/task-center/" + longest + "/failure-jobs/batch") == "204");
  CHECK(said("/v1/" + longest + "x/task-center/failure-jobs/batch")
            .starts_with("400 SDRS.0001: project_id: 'x"));
  CHECK(said("/v1/sh%00p/task-center/failure-jobs/batch") ==
        "400 SDRS.0001: project_id: 'sh\\x00p' is no id: it takes 1 to 64 of A-Z, a-z, 0-9, '.', "
        "'_' and '-'.");
  CHECK(said("/v1/shop/task-center/a%2Fb/failure-jobs/batch")
            .starts_with("400 SDRS.0207: server_group_id: 'a/b'"));
  CHECK(said("/v1/shop/task-center/../failure-jobs/batch")
            .starts_with("400 SDRS.0207: server_group_id: '..'"));
  CHECK(said("/v1/shop/task-center/failure-jobs/.")
            .starts_with("400 SDRS.0201: failure_job_id: '.'"));
  CHECK(said("/v1/shop/task-center/failure-jobs/caf%C3%A9")
            .starts_with("400 SDRS.0201: failure_job_id: "));
  CHECK(said("/v1/shop/task-center/failure-jobs/batch%2F")
            .starts_with("400 SDRS.0201: failure_job_id: 'batch/'"));
}

TEST_CASE("a body is refused, and nothing is done") {
  Center center;
  center.service.record(a_job("a"));
  CHECK(shown(center.handle(
            {.method = "DELETE", .target = kBatch, .has_body = true, .identity = an_operator()})) ==
        "400 SDRS.0201: No call here takes a body: send none.");
  CHECK(center.service.live() == IdSet{"a"});
}

TEST_CASE("Accept refuses only an answer that has a body") {
  Center center;
  const auto status = [&](std::string_view method, std::string_view target,
                          std::vector<std::string_view> accept) {
    return center
        .handle({.method = method,
                 .target = target,
                 .accept = std::move(accept),
                 .identity = an_operator()})
        .status;
  };
  for (const char* fine :
       {"", "application/json", "*/*", "application/*", "APPLICATION/JSON; q=0.1",
        "text/html, application/json", "text/html;q=0.9,*/*;q=0.1", "text/html, */*;q=0.001",
        "application/json;charset=utf-8", "application/json;v=\",;q=0\"", "nonsense", " , ,",
        "application/*;q=0, application/json"}) {
    CAPTURE(fine);
    CHECK(status("GET", kList, {fine}) == 200);
  }
  for (const char* refusing :
       {"text/html", "application/xml", "application/json;q=0", "application/json;q=0.000, */*",
        "*/*;q=0", "application/*; q=0, */*", "text/*, image/png", "application/jsonx"}) {
    CAPTURE(refusing);
    CHECK(status("GET", kList, {refusing}) == 406);
    CHECK(status("GET", "/v1/shop/task-center/failure-jobs?limit=x", {refusing}) == 400);
    CHECK(status("DELETE", kBatch, {refusing}) == 204);
    CHECK(status("DELETE", "/v1/shop/task-center/failure-jobs/a", {refusing}) == 404);
  }
  CHECK(status("GET", kList, {"text/html", "application/json"}) == 200);
  CHECK(status("GET", kList, {}) == 200);
}

}  // namespace
}  // namespace purgatory::task_center_test

// What is wrong with a drive file is said with its place and a fix.

#include <catch2/catch_test_macros.hpp>

#include "sim/drive/drive_file.hpp"

namespace cacherace::test {
namespace {

std::string trouble(const std::string& text) {
  const auto file = drive::read_drive_file(text, "drive.json", ".");
  return file ? "" : to_text(file.error().front());
}

std::string with(const std::string& requests, const std::string& more = "") {
  return R"({ "app": { "command": "run" }, "requests": { )" + requests + " }" + more + " }";
}

void says(const std::string& text, const std::string& what) {
  INFO(text);
  const std::string found = trouble(text);
  INFO(found);
  CHECK(found.find(what) != std::string::npos);
}

TEST_CASE("a drive file is read") {
  const auto file = drive::read_drive_file(
      R"({ // a comment
           "title": "T",
           "app": { "command": "run $port", "ready": "/up", "env": { "A": "$redis" } },
           "postgres": "postgresql://u@h/d", "reset": { "sql": "TRUNCATE t", "keys": ["user:*"] },
           "requests": { "r": { "get": "/a", "count": 2 },
                         "w": { "put": "/a", "json": { "x": [1, "b"] }, "after": "r",
                                "background_within": "1.5s" } },
           "faults": { "evict": 1 },
           "expect": { "no-stale-residue": ["violated", "exhausted"] } })",
      "drive.json", ".");
  REQUIRE(file.has_value());
  CHECK(file->requests.size() == 2);
  CHECK(file->requests[0].count == 2);
  CHECK(file->requests[1].method == "PUT");
  CHECK(file->requests[1].body == R"({"x":[1,"b"]})");
  CHECK(file->requests[1].background_within == std::chrono::milliseconds(1500));
  CHECK(file->postgres == "postgresql://u@h/d");
  CHECK(file->redis == "embedded");
  CHECK(file->faults.evict == 1);
  CHECK(file->expect.at(0).verdicts.size() == 2);
  CHECK(file->property() == std::string("no-stale-residue"));
  CHECK(file->start_within == std::chrono::minutes(1));
}

TEST_CASE("bad drive files are refused with a fix") {
  says("{", "drive.json:1:2");
  says("{}", "app");
  says(with(R"("r": { "get": "/a" })", R"(, "colour": 1)"), "unknown key \"colour\"");
  says(with(R"("r": { })"), "the request does nothing");
  says(with(R"("r": { "get": "/a", "put": "/b" })"), "several things");
  says(with(R"("r": { "get": "a" })"), "no \"/\"");
  says(with(R"("r": { "get": "/a", "count": 0 })"), "no request at all");
  says(with(R"("r": { "get": "/a", "count": 12 }, "w": { "get": "/a", "count": 12 })"),
       "more than 16 requests");
  says(with(R"("r": { "get": "/a", "after": "x" })"), "no other request");
  says(with(R"("r": { "get": "/a", "after": "w" }, "w": { "get": "/a", "after": "r" })"),
       "waits for itself");
  says(with(R"("w": { "put": "/a" })"), "nothing can be checked");
  says(with(R"("r": { "get": "/a", "background_within": "soon" })"), "is no time");
  says(with(R"("r": { "get": "/a" })", R"(, "expect": { "no-stale-residue": "proven" })"),
       "unknown verdict \"proven\"");
  says(with(R"("r": { "get": "/a" })", R"(, "expect": { "staleness": "violated" })"),
       "unknown property \"staleness\"");
  says(with(R"("r": { "get": "/a" })", R"(, "expect": { "check": "exhausted" })"),
       "\"check\" is not judged here");
  says(with(R"("r": { "get": "/a" })", R"(, "redis": "redis://localhost")"), "no keys are named");
  says(with(R"("r": { "get": "/a" }, "w": { "exec": "x" })", R"(, "faults": { "kill": 1 })"),
       "that is killed is not supported");
  says(with(R"("r": { "get": "/a" })", R"(, "check": { "property": "freshness" })"),
       "unknown property \"freshness\"");
  says(with(R"("r": { "get": "/a" })",
            R"(, "check": { "property": "read-your-writes" },
                 "expect": { "no-stale-residue": "exhausted" })"),
       "write \"read-your-writes\"");
  says(with(R"("r": { "get": "/a", "headers": { "A": "b\r\nC: d" } })"), "more than one line");
}

}  // namespace
}  // namespace cacherace::test

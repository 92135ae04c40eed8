#pragma once
// The small services of tests/drive/app, driven.

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>

#include "sim/drive/session/drive.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {

using drive::DriveOptions;
using drive::DriveResult;
using drive::Word;

inline void need_servers() {
  if (std::system("/usr/bin/python3 -c 'import flask, redis, psycopg2' >/dev/null 2>&1") != 0)
    SKIP("this machine has no Flask, redis-py and psycopg2; tools/deps --all installs them");
  if (live::find_program("redis-server").empty()) SKIP("this machine has no redis-server");
}

inline void need_node() {
  const auto packages = root() / "examples/express/node_modules";
  if (std::system("node --version >/dev/null 2>&1") != 0 || !exists(packages / "ioredis") ||
      !exists(packages / "pg"))
    SKIP("this machine has no Node, or no packages in examples/express; npm ci there gets them");
}

struct Way {
  std::string name;  // what the application does
  std::string app;   // more members of "app"
  std::string requests = R"("reader": { "get": "/users/7" },
                            "writer": { "put": "/users/7", "json": { "name": "v2" } })";
  std::string more;  // members of the file
  bool is_node = false;
};

inline drive::DriveFile file_of(const Way& way) {
  const std::string text = fmt::format(
      R"json({{ "start_within": "10min", "app": {{ "command": "{}", "ready": "/health",
                          "env": {{ "WAY": "{}" }}{} }},
                "postgres": {{ "server": "embedded", "schema": "schema.sql" }},
                "reset": {{ "sql": "SELECT reset()" }},
                "requests": {{ {} }}{} }})json",
      way.is_node ? "NODE_PATH=../../../examples/express/node_modules exec node app.js"
                  : "exec /usr/bin/python3 app.py",
      way.name, way.app, way.requests, way.more);
  const auto file = drive::read_drive_file(text, "drive.json", root() / "tests/drive/app");
  REQUIRE(file.has_value());
  return *file;
}

inline DriveResult driven(const Way& way, DriveOptions options = {}) {
  need_servers();
  options.seed = 1;
  const auto file = file_of(way);
  auto result = drive::drive(file, options);
  if (!result) FAIL(to_text(result.error().front()));
  INFO(drive::to_text(*result, false));
  if (result->word == Word::violated) {
    CHECK(result->replayed.times == result->replayed.of);
    CHECK(result->replayed.of == options.replays);
  }
  return *result;
}

inline void counts(const Way& way, std::uint64_t orders, std::uint64_t violating) {
  const auto result = driven(way, {.count = true, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.search.exhausted);
  CHECK(result.search.orders == orders);
  CHECK(result.search.violating == violating);
  CHECK(result.search.divergent == 0);
  CHECK(result.noticed.ambiguous == 0);
  CHECK(result.noticed.uncontrolled == 0);
  CHECK(result.word == (violating > 0 ? Word::violated : Word::exhausted));
}

}  // namespace cacherace::test

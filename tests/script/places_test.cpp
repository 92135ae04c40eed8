// Lines of requests and errors are the user's.

#include <catch2/catch_test_macros.hpp>

#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

using Lines = std::vector<std::uint32_t>;

Lines lines(const std::string& text) {
  const auto program = program_of(text);
  script::Host host(program, outside());
  const Value key[] = {host.values().text("k1")};
  const auto run = host.begin("read", key, 1);
  Lines lines;
  const script::Turn* turn = &host.resume(run, {});
  while (!turn->over) {
    lines.push_back(turn->request.line);
    const Value answers[] = {Value{}, Value::boolean(false)};
    turn = &host.resume(run, std::span<const Value>(answers));
  }
  return lines;
}

TEST_CASE("a request has the line of the user's own call") {
  CHECK(lines(in_read("cache.get(key)\n\ncache.get(key) cache.get(key)")) == Lines{2, 4, 4});
  CHECK(lines("local function get(name)\n  return cache.get(name)\nend\n" +
              in_read("return get(key)")) == Lines{2});
  CHECK(lines(in_read("return\n  db.read(key)")) == Lines{3});
  CHECK(lines(in_read("cache.atomic(function(c)\n  return c.get(key)\nend)")) == Lines{2, 3, 2});
}

TEST_CASE("also in a long function") {
  std::string many;
  for (int i = 0; i < 40; ++i) many += "if key == 'x' then note(key .. key .. key) end\n";
  CHECK(lines(in_read(many + "cache.get(key)\n" + many + "cache.get(key)")) == Lines{42, 83});
}

TEST_CASE("returning a call changes nothing else") {
  const auto returns = [](const std::string& body) { return alone(in_read(body)).returned; };
  CHECK(returns("local function f(...) return select('#', ...) end return f(1, nil, nil)") == "3");
  CHECK(returns("local function f() return 1, 2 end local function g(...) return f() end "
                "return { g(5, 6, 7) }") == "{ 1=1 2=2 }");
  CHECK(returns("local function f(n) if n == 0 then return 'done' end return f(n - 1) end "
                "return f(10000)") == "\"done\"");
  CHECK(returns("local t = { n = 4 } function t:get() return self.n end "
                "local function f() local up = t local function g() return up end "
                "return g():get() end return f()") == "4");
}

TEST_CASE("an error has the line of the user's own code") {
  const auto wrong = [](const std::string& text) { return alone(text).returned; };
  CHECK(wrong(in_read("\nlocal a = nil\nreturn a.b")).starts_with("error 4: attempt to index"));
  CHECK(wrong(in_read("return cache.get(7)")).starts_with("error 2: cache.get: a name is a text"));
  CHECK(wrong(in_read("return table.concat({ {} })")).starts_with("error 2: "));
  CHECK(wrong(in_read("return ('x'):rep(-1):bad()")).starts_with("error 2: "));
}

TEST_CASE("a file that cannot be read has the line where it is wrong") {
  const auto problem = [](const std::string& text) {
    const auto program = load(text);
    REQUIRE_FALSE(program.has_value());
    return program.error()[0];
  };
  std::string many;
  for (int i = 0; i < 30; ++i)
    many += "local function f" + std::to_string(i) + "(a) return a end\n";
  CHECK(problem(many + "x = = 1").line == 31);
  CHECK(problem(many + "x = = 1").fact == "unexpected symbol near '='");
  CHECK(problem("function read(key)\n  local s = 'abc\nend").line == 2);
  CHECK(problem("function read(key)\n").line == 2);
  CHECK(problem("local x = nil + 1").line == 1);
}

TEST_CASE("a second file has lines of its own") {
  const auto program =
      load("local other = require('other')\n" + in_read("return other.get(key)"),
           {{.file = "other.lua",
             .text = "\n\nlocal m = {}\nfunction m.get(name)\n  return cache.get(name)\nend\n"
                     "return m"}});
  REQUIRE(program.has_value());
  script::Host host(*program, outside());
  const Value key[] = {host.values().text("k1")};
  const script::Turn& turn = host.resume(host.begin("read", key, 1), {});
  CHECK(turn.request.file == 1);
  CHECK(turn.request.line == 5);
}

}  // namespace
}  // namespace cacherace::test

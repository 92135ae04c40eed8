// What goes on in the background has a copy of what it has captured.

#include <catch2/catch_test_macros.hpp>

#include "sim/script/tree.hpp"
#include "tests/script/interleavings.hpp"
#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

TEST_CASE("a spawned function runs with what it has captured") {
  CHECK(alone(in_read("local n = 5\nspawn(function() cache.set('a', n) end)")).server ==
        "a:5 | | | ");
  CHECK(alone(in_read("for i = 1, 2 do spawn(function() cache.set('a' .. i, i) end) end")).server ==
        "a1:1 a2:2 | | | ");
  CHECK(alone("local function fill(key) cache.set(key, 1) end\n" +
              in_read("spawn(function() fill(key) end)"))
            .server == "k1:1 | | | ");
}

TEST_CASE("its changes are its own") {
  CHECK(alone(in_read("local n = 5\nlocal function f() n = n + 1 cache.incr('a', n) end\n"
                      "spawn(f) spawn(f)"))
            .server == "a:12 | | | ");
  CHECK(alone(in_read("local t = { 5 }\nlocal function f() t[1] = t[1] + 1 cache.incr('a', t[1]) "
                      "end\nspawn(f) spawn(f)"))
            .server == "a:12 | | | ");
}

TEST_CASE("what it has captured is not changed afterwards") {
  const std::string says = "changed after spawn";
  for (const std::string body :
       {"local n = 1\nspawn(function() cache.set('a', n) end)\nn = 2",
        "local n = 1\nspawn(function() cache.set('a', n) end)\ncache.get('b')\nn = 2",
        "local t = { 1 }\nspawn(function() cache.set('a', t) end)\ncache.get('b')\nt[1] = 2"}) {
    INFO(body);
    const auto found = alone(in_read(body)).returned;
    INFO(found);
    CHECK(found.find(says) != std::string::npos);
  }
  CHECK(alone(in_read("local n = 1\nn = 2\nspawn(function() cache.set('a', n) end)")).returned ==
        "nil");
}

TEST_CASE("a tree starts it with what a live run starts it with") {
  const auto program = program_of(in_read(
      "local n = 1\nspawn(function() cache.set('a', n) end)\nif cache.get('b') then n = 2 end"));
  const auto with = outcomes(program, {.readers = 1}, true);
  CHECK(with.all == outcomes(program, {.readers = 1}, false).all);
}

TEST_CASE("a task that is started after a sleep starts after it") {
  const auto program = program_of(in_read("sleep('1s')\nspawn(function() cache.get('a') end)"));
  script::Host host(program, outside());
  const Value key[] = {host.values().text("k1")};
  const auto run = host.begin("read", key, 1);
  const script::Turn& asks = host.resume(run, {});
  CHECK(asks.spawned.empty());
  REQUIRE_FALSE(asks.over);
  CHECK(asks.request.call == script::Call::sleep);
  CHECK(asks.request.after == std::chrono::seconds(1));
  const script::Turn& starts = host.resume(run, std::span<const Value>{});
  CHECK(starts.spawned.size() == 1);
  CHECK(starts.over);
}

TEST_CASE("functions that are the same are one in a tree, however many are started") {
  const auto program =
      program_of(in_read("while not cache.get(key) do spawn(function() cache.get('a') end) end"));
  script::Tree tree(program, outside(), true);
  const Value key[] = {tree.values().text("k1")};
  auto at = tree.begin("read", key, 1);
  const Value no[] = {Value{}, Value::boolean(false)};
  at = tree.go_on(at.node, std::span<const Value>(no));
  const auto first = at.turn->spawned.at(0).what;
  for (int i = 0; i < 5; ++i) at = tree.go_on(at.node, std::span<const Value>(no));
  CHECK(at.turn->spawned.at(0).what == first);
  CHECK(tree.size() == 1);
}

}  // namespace
}  // namespace cacherace::test

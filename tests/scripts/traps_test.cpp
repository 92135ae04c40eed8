// What goes wrong in a script ends in a sentence with its place, never in a crash or a hang.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/scenario/script_program.hpp"
#include "sim/script/script_error.hpp"
#include "sim/script/tree.hpp"

namespace cacherace::test {
namespace {

using script::Tree;

script::Environment outside() {
  return scenario::script_environment([](Key key) { return "user:" + std::to_string(key); });
}

Result<script::Program> load(const std::string& text) {
  return script::load_program(
      "cache.lua", {},
      [&](const std::string& file) -> std::optional<std::string> {
        if (file == "cache.lua") return text;
        if (file == "helper.lua") return "return { name = function(key) return 'h:' .. key end }";
        return std::nullopt;
      },
      outside());
}

// Runs `read` with answers that say nothing is there, up to so many requests; returns what is
// wrong, as "line: sentence", or "".
std::string trouble(const std::string& text, int requests = 20) {
  const auto program = load(text);
  if (!program) return std::to_string(program.error()[0].line) + ": " + program.error()[0].fact;
  try {
    Tree tree(*program, outside(), true);
    const Value key[] = {tree.values().text("user:7")};
    auto at = tree.begin("read", key, 1);
    for (int i = 0; i < requests && !at.turn->over; ++i) {
      const Value answers[] = {Value{}, Value{}};
      at = tree.go_on(at.node, std::span<const Value>(answers));
    }
  } catch (const script::ScriptError& error) {
    return std::to_string(error.line) + ": " + error.what();
  }
  return "";
}

std::string in_read(const std::string& body) { return "function read(key)\n" + body + "\nend"; }

void says(const std::string& text, const std::string& what) {
  INFO(text);
  const std::string found = trouble(text);
  INFO(found);
  CHECK(found.find(what) != std::string::npos);
}

TEST_CASE("a script without a fault runs to its end") {
  CHECK(trouble(in_read("return cache.get(key)")) == "");
  CHECK(trouble("local h = require('helper')\n" + in_read("return cache.get(h.name(key))")) == "");
}

TEST_CASE("what runs on without an end is stopped, with its line") {
  const std::string loop = "2: the script runs for 2000000 instructions without an effect";
  says(in_read("while true do end"), loop);
  says(in_read("repeat pcall(function() while true do end end) until false"), loop);
  says(in_read("table.sort({ 3, 1, 2 }, function(a, b) while true do end end)"), loop);
  says(in_read("xpcall(error, function() while true do end end)"), loop);
  says(in_read("local t = setmetatable({}, { __index = function() while true do end end })\n"
               "return t.x"),
       "the script runs for 2000000 instructions");
  says("while true do end", "the script runs for 2000000 instructions");
}

TEST_CASE("what takes all memory is stopped") {
  const std::string memory = "takes more than 256 MiB of memory";
  says(in_read("local t = {}\nwhile true do t[#t + 1] = ('x'):rep(1000000) .. #t end"), memory);
  says(in_read("local s = 'x'\nwhile true do s = s .. s end"), memory);
  says(in_read("pcall(string.rep, 'x', 1 << 30)\nwhile true do end"), memory);
  says(in_read("local function f(x) return 1 + f(x) end\nreturn f(1)"), "stack overflow");
}

TEST_CASE("patterns that could take for ever are refused") {
  says(in_read("return ('a'):rep(300):match('.-.-.-.-b')"), "might take too long on a text of 300");
  CHECK(trouble(in_read("return (key:match('^(%a+):') or key):upper() and nil")) == "");
}

TEST_CASE("what clients would share by accident is refused") {
  says(in_read("count = 1"), "2: the global \"count\" is written while operations run");
  says("local count = 0\n" + in_read("count = count + 1"), "an operation changes \"count\"");
  says("local seen = {}\n" + in_read("seen[key] = true"), "an operation changes \"seen\"");
  says(in_read("settings.ttl = 1"), "");
}

TEST_CASE("what differs from run to run does not exist") {
  for (const std::string name :
       {"os", "io", "debug", "coroutine", "load", "dofile", "print", "rawset"})
    says(in_read("return " + name + ".x"), "2: \"" + name + "\" does not exist here");
  says(in_read("return math.random()"), "2: ");
  says(in_read("return string.format('%p', {})"), "%p");
  says(in_read("return now()"), "there is no clock in a race");
  says(in_read("for k in pairs({ [read] = 1 }) do end"), "a table with a function as a key");
  CHECK(trouble(in_read("assert(tostring({}) == 'table')\nassert(tostring(read) == 'function')")) ==
        "");
}

TEST_CASE("values that cannot be kept are refused") {
  says(in_read("cache.set(key, 1.5)"), "2: numbers with fractions cannot be kept");
  says(in_read("cache.set(key, read)"), "2: a function cannot be kept");
  says(in_read("local t = {}\nt.t = t\ncache.set(key, t)"), "4: a table within itself");
  says(in_read("cache.set(key, nil)"), "nil cannot be stored");
  says(in_read("cache.get(7)"), "a name is a text, not 7");
}

TEST_CASE("calls that make no sense say so") {
  says(in_read("cache.set(key, 1, { ttl = 60 })"), "ttl is a text with a unit, such as \"60s\"");
  says(in_read("cache.set(key, 1, { tll = '60s' })"), "has no option \"tll\"");
  says(in_read("cache.set(key, 1, { ttl = 'soon' })"), "ttl is no duration: \"soon\"");
  says(in_read("cache.atomic(function(c) db.read(key) end)"), "would let others come in between");
  says(in_read("local d\ncache.atomic(function(c) d = c end)\nd.get(key)"),
       "of a block that is over");
  says(in_read("db.transaction(function() db.transaction(function() end) end)"),
       "a transaction within a transaction");
  says(in_read("sleep(5)"), "a time to sleep is a text with a unit");
  says(in_read("choose(0)"), "n is from 1 to 100");
  says(in_read("spawn(7)"), "spawn takes a function");
  says(in_read("nothing()"), "2: attempt to call a nil value (global 'nothing')");
  says(in_read("error('on purpose')"), "2: on purpose");
  says(in_read("('x'):gsub('x', function() cache.get(key) end)"), "collect first, then ask");
}

TEST_CASE("files that cannot be run are refused, with their line") {
  says("function read(key", "1: ");
  says("x = = 1", "1: ");
  says("", "the script has no global function");
  says("cache.get('x')\nfunction read() end", "a file has no effects while it is loaded");
  says("require('../secret')", "there is no file");
  says("local m = require('other')", "there is no file \"other.lua\" beside the script");
  std::string many = "function read(key)\n";
  for (int i = 0; i < 300; ++i) many += "local v" + std::to_string(i) + " = 1\n";
  says(many + "end", "too many local variables");
}

TEST_CASE(
    "an effect without an answer is an error that can be caught, and fails the operation else") {
  const auto outcome = [](const std::string& body) {
    const auto program = load(in_read(body));
    REQUIRE(program.has_value());
    Tree tree(*program, outside(), true);
    const Value key[] = {tree.values().text("user:7")};
    auto at = tree.begin("read", key, 1);
    at = tree.go_on(at.node, std::nullopt);
    return std::pair(at.turn->over, at.turn->failed);
  };
  CHECK(outcome("return cache.get(key)") == std::pair(true, true));
  CHECK(outcome("return pcall(cache.get, key) and 1") == std::pair(true, false));
  CHECK(outcome("pcall(cache.get, key)\nreturn db.read(key)") == std::pair(false, false));
}

TEST_CASE("a loop that polls has few nodes, and one whose locals grow has as many as rounds") {
  const auto nodes = [](const std::string& body, bool merges) {
    const auto program = load(in_read(body));
    REQUIRE(program.has_value());
    Tree tree(*program, outside(), merges);
    const Value key[] = {tree.values().text("user:7")};
    auto at = tree.begin("read", key, 1);
    const Value no[] = {Value::boolean(false)};
    for (int i = 0; i < 50; ++i) at = tree.go_on(at.node, std::span<const Value>(no));
    return tree.size();
  };
  const std::string polls = "while not cache.set('lock', 1, { nx = true }) do sleep('50ms') end";
  CHECK(nodes(polls, true) <= 2);
  CHECK(nodes(polls, false) == 51);
  CHECK(
      nodes(
          "local tries = 0\nwhile not cache.set('lock', 1, { nx = true }) do tries = tries + 1 end",
          true) == 51);
}

TEST_CASE("places tell calls on one line apart") {
  const auto program = load(in_read("cache.get(key) cache.get(key)\nreturn nil"));
  REQUIRE(program.has_value());
  Tree tree(*program, outside(), true);
  const Value key[] = {tree.values().text("user:7")};
  const auto first = tree.begin("read", key, 1);
  const Value answers[] = {Value{}, Value::boolean(false)};
  const auto second = tree.go_on(first.node, std::span<const Value>(answers));
  CHECK(first.node != second.node);
  CHECK(tree.request(first.node).line == 2);
  CHECK(tree.request(second.node).line == 2);
}

TEST_CASE("captured variables that are shared differ from variables that are alike") {
  // Two closures over one variable, or over two of the same value: the same answers later differ.
  const std::string one =
      "local n = 0\nlocal function f() n = n + 1 return n end\n"
      "local function g() return n end\ncache.get(key)\nf()\nreturn g() == 1";
  const std::string two =
      "local n, m = 0, 0\nlocal function f() n = n + 1 return n end\n"
      "local function g() return m end\ncache.get(key)\nf()\nreturn g() == 1";
  for (const auto& [body, shared] : {std::pair(one, true), std::pair(two, false)}) {
    const auto program = load(in_read(body));
    REQUIRE(program.has_value());
    Tree tree(*program, outside(), true);
    const Value key[] = {tree.values().text("user:7")};
    auto at = tree.begin("read", key, 1);
    const Value answers[] = {Value{}, Value::boolean(false)};
    at = tree.go_on(at.node, std::span<const Value>(answers));
    CHECK(at.turn->over);
    CHECK(at.turn->returned == Value::boolean(shared));
  }
}

// What a run of `read` ends with.
script::ScriptError error_of_run(const std::string& text) {
  const auto program = load(text);
  REQUIRE(program.has_value());
  try {
    Tree tree(*program, outside(), true);
    const Value key[] = {tree.values().text("user:7")};
    auto at = tree.begin("read", key, 1);
    while (!at.turn->over) at = tree.go_on(at.node, std::span<const Value>());
  } catch (const script::ScriptError& error) {
    return error;
  }
  return script::ScriptError("");
}

TEST_CASE("an error has its place and what called what, with functions of other files") {
  const auto nested = error_of_run(
      "local function inner(x)\n  return x.y.z\nend\n"
      "local function outer(x)\n  local found = inner(x)\n  return found\nend\n" +
      in_read("  local found = outer({})\n  return found"));
  CHECK(nested.path == "cache.lua");
  CHECK(nested.line == 2);
  CHECK(nested.stack == std::vector<std::string>{"in inner, cache.lua:2", "in outer, cache.lua:5",
                                                 "in read, cache.lua:9"});
  const auto elsewhere = error_of_run("local h = require('helper')\n" +
                                      in_read("  local name = h.name({})\n  return name"));
  CHECK(elsewhere.path == "helper.lua");
  CHECK(elsewhere.stack ==
        std::vector<std::string>{"in name, helper.lua:1", "in read, cache.lua:3"});
  const auto within =
      error_of_run(in_read("  cache.atomic(function(c)\n    c.set(key, nil)\n  end)"));
  CHECK(within.line == 3);
  CHECK(within.stack == std::vector<std::string>{"in read, cache.lua:2"});
  const auto last = error_of_run("local function inner(x)\n  return x.y.z\nend\n" +
                                 in_read("  return inner({})"));
  CHECK(last.stack == std::vector<std::string>{"in inner, cache.lua:2", "in read, cache.lua:5"});
  const auto shared = error_of_run("local copies = {}\n" + in_read("  copies[key] = 1"));
  CHECK(shared.path == "cache.lua");
  CHECK(shared.line == 1);
  const auto returned = error_of_run(in_read("  return function() end"));
  CHECK(returned.path == "cache.lua");
  CHECK(std::string(returned.what()).starts_with("read returns what no reader can judge"));
}

}  // namespace
}  // namespace cacherace::test

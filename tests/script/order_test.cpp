// What could differ from process to process does not.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "sim/script/tree.hpp"
#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

std::string returned_by(const std::string& body) { return alone(in_read(body)).returned; }

TEST_CASE("pairs and next go in order, whatever the table was") {
  const std::string list =
      "local s = '' for k, v in pairs(t) do s = s .. tostring(k) .. ' ' end return s";
  CHECK(returned_by("local t = { c = 1, a = 1, b = 1, 7, [2] = 8, [true] = 1, [-1] = 1 }\n" +
                    list) == "\"-1 1 2 a b c true \"");
  CHECK(
      returned_by("local t = {}\nfor i = 20, 1, -1 do t['k' .. i] = i end\nt.k3 = nil\n" + list) ==
      returned_by("local t = {}\nfor i = 1, 20 do t['k' .. i] = i end\nt.k3 = nil\n" + list));
  CHECK(returned_by("local t, s, k = { b = 1, a = 2 }, ''\nrepeat k = next(t, k) s = s .. "
                    "tostring(k) until not k\nreturn s") == "\"abnil\"");
  CHECK(returned_by(
            "db.write('k1') local r = db.write('k1')\nlocal t = { [r] = 1, [db.read('k0') or 'x']"
            " = 2 }\nlocal n = 0 for k in pairs(t) do n = n + 1 end return n") == "2");
  CHECK(returned_by(
            "local t, n = { [0.5] = 1, [1.5] = 1 }, '' for k in pairs(t) do n = n .. k .. ' ' "
            "end return n") == "\"0.5 1.5 \"");
}

TEST_CASE("sorting is stable and may ask") {
  CHECK(returned_by("local t = { 3, 1, 2 } table.sort(t) return t") == "{ 1=1 2=2 3=3 }");
  CHECK(returned_by(
            "local t = { 'b', 'a' } table.sort(t, function(x, y) cache.get(x) return x < y end) "
            "return t") == "{ 1=\"a\" 2=\"b\" }");
  CHECK(returned_by("local t = {} for i = 1, 9 do t[i] = { k = i % 2, i = i } end\n"
                    "table.sort(t, function(x, y) return x.k < y.k end)\n"
                    "local s = '' for i = 1, 9 do s = s .. t[i].i end return s") ==
        "\"246813579\"");
}

TEST_CASE("the length of a table with holes is refused") {
  const auto refused = [](const std::string& body) {
    const auto found = returned_by(body);
    INFO(body << ": " << found);
    CHECK(found.find("holes") != std::string::npos);
  };
  refused("local t = { 1, 2, 3 }\nt[2] = nil\nreturn #t");
  refused("local t = { 1, nil, 3 }\nreturn #t");
  refused("local t = {}\nt[2] = 1\nreturn #t");
  refused("local t = { n = 1, [3] = 1 }\nlocal function f() return 2 * #t + 1 end\nreturn f()");
  refused("local t = { 1, nil, 3 }\ntable.insert(t, 4)");
  refused("local t = { 1, nil, 3 }\nreturn table.remove(t)");
  refused("local t = { 1, nil, 3 }\nreturn (table.unpack(t))");
  refused("local t = { 'a', nil, 'b' }\nreturn table.concat(t)");
  refused("local t = { 1, nil, 3 }\ntable.sort(t)");
  CHECK(returned_by("local t = { 1, 2, m = 3 }\nreturn #t") == "2");
  CHECK(returned_by("local t = { 1, nil, 3 }\nreturn table.unpack(t, 1, 3)") == "1");
  CHECK(returned_by("return #'abc' + #{ 1 } -- # 'of' #\n") == "4");
  CHECK(returned_by("local t = { { 1, 2 }, s = '#' }\nreturn #t[1] + #t.s + #[[#]] + - #t") == "3");
  CHECK(returned_by("return #setmetatable({}, { __len = function() return 7 end })") == "7");
}

TEST_CASE("what depends on addresses, on the library or on collection is not there") {
  for (const std::string body :
       {"return ('%p'):format({})", "return ('%a'):format(1.5)", "return string.format('%5p', {})",
        "collectgarbage()", "return math.random(2)", "return math.sin(1)",
        "setmetatable({}, { __gc = function() end })", "setmetatable({}, { __mode = 'k' })",
        "getmetatable('').__index = cache", "return string.dump(read)"}) {
    const auto found = returned_by(body);
    INFO(body << ": " << found);
    CHECK(found.starts_with("error "));
  }
  CHECK(returned_by("return tostring({}) .. tostring(read) .. tostring(print == nil)").find("0x") ==
        std::string::npos);
  CHECK(
      returned_by("local ok, why = pcall(function() return {} .. 'x' end) return why").find("0x") ==
      std::string::npos);
  CHECK(returned_by("error({})").find("0x") == std::string::npos);
}

// Collection of garbage, and stacks on which other functions have left something, must not decide
// what is merged. A metamethod leaves registers of its caller visible that were not written yet.
TEST_CASE("what is merged does not depend on what was learnt before") {
  const auto program = program_of(
      "local lazy = setmetatable({}, { __index = function(_, name) return cache.get(name) end })\n"
      "local function deep(n) local x, y, z = 'x' .. n, n, n if n > 0 then deep(n - 1) end end\n"
      "function noise(key) deep(30) return key end\n" +
      in_read("if lazy.a then deep(5) end\nif lazy.b then deep(9) end\n"
              "while not lazy.d do end\n"
              "local p, q, r, s, t, u, v = 1, 2, 3, 4, 5, 6, 7\n"
              "return { p, q, r, s, t, u, v }"));
  const auto size = [&](bool backwards, int noise) {
    script::Tree tree(program, outside(), true);
    const Value key[] = {tree.values().text("k1")};
    const Value yes[] = {Value::boolean(true), Value::boolean(false)};
    const Value no[] = {Value{}, Value::boolean(false)};
    for (int way = 0; way < 16; ++way) {
      for (int i = 0; i < noise; ++i) {
        const Value other[] = {tree.values().text(std::to_string(100 * way + i))};
        tree.begin("noise", other, 1);
      }
      auto at = tree.begin("read", key, 1);
      const int bits = backwards ? 15 - way : way;
      for (int j = 0; j < 6 && !at.turn->over; ++j)
        at = tree.go_on(at.node, std::span<const Value>((bits >> std::min(j, 3) & 1) ? yes : no));
    }
    return tree.size() - static_cast<std::size_t>(16 * noise);
  };
  const auto once = size(false, 0);
  INFO(once);
  CHECK(size(true, 0) == once);
  for (int noise = 1; noise < 40; noise += 6) CHECK(size(noise % 2 == 0, noise) == once);
}

TEST_CASE("powers are refused where a file is read, and only there") {
  const auto problem = load(in_read("local s = '^' -- ^\nreturn 2 ^ 0.5"));
  REQUIRE_FALSE(problem.has_value());
  CHECK(problem.error()[0].line == 3);
  CHECK(problem.error()[0].fact.find("multiply") != std::string::npos);
  CHECK(returned_by("return ('a^b'):find('^a')") == "1");
}

}  // namespace
}  // namespace cacherace::test

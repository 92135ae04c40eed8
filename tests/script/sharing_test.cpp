// Clients share nothing by accident: what they would share besides `memory` is an error.

#include <catch2/catch_test_macros.hpp>

#include "sim/script/script_error.hpp"
#include "sim/script/tree.hpp"
#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

void refused(const std::string& text, const std::string& name) {
  const std::string found = alone(text).returned;
  INFO(text << "\n" << found);
  CHECK(found.starts_with("error "));
  CHECK(found.find("\"" + name + "\"") != std::string::npos);
}

TEST_CASE("variables of the file stay as they are") {
  refused("local n = 0\n" + in_read("n = n + 1"), "n");
  refused("local seen = {}\n" + in_read("seen[key] = true"), "seen");
  refused("local a = { b = { c = {} } }\n" + in_read("a.b.c[1] = 1"), "a");
  refused("local n = 0\nlocal function add() n = n + 1 end\n" + in_read("add()"), "add");
  refused("all = {}\n" + in_read("all[1] = key"), "all");
}

TEST_CASE("so do objects with a metatable") {
  refused("local box = setmetatable({ n = 0 }, { __index = {} })\n" + in_read("box.n = box.n + 1"),
          "box");
  refused("local Box = { n = 0 }\nBox.__index = Box\nlocal box = setmetatable({}, Box)\n" +
              in_read("Box.n = Box.n + box.n + 1"),
          "Box");
  refused(
      "local Box = {}\nlocal box = setmetatable({}, Box)\nlocal seen = {}\n"
      "function read(key) seen[#seen + 1] = tostring(box) end",
      "seen");
  refused(
      "local box = setmetatable({}, { __index = { deep = {} } })\n" + in_read("box.deep[1] = key"),
      "box");
}

TEST_CASE("so do tables of every kind") {
  refused(
      "local seen = { 1, 2, [5] = 5 }\nlocal other = {}\n"
      "function read(key) other[1] = seen[1] end",
      "other");
  refused("local seen = {}\n" + in_read("seen[9] = 1"), "seen");
  refused(
      "local t = {}\nlocal keyed = { [t] = 1 }\nlocal other = {}\n"
      "function read(key) other[1] = keyed[t] end",
      "other");
  refused("local t = {}\nlocal keyed = { [t] = 1 }\n" + in_read("keyed[t] = 2"), "keyed");
  refused("local t = {}\nlocal keyed = { [t] = 1 }\n" + in_read("t.n = 2 return keyed[1]"), "t");
  refused("local halves = { [0.5] = 1 }\n" + in_read("halves[0.5] = 2"), "halves");
}

TEST_CASE("so does what the host gives") {
  refused(in_read("settings.n = 1"), "settings");
  refused(in_read("cache.mine = key"), "cache");
  refused(in_read("string.mine = key"), "string");
  refused(in_read("math.mine = { key }"), "math");
}

TEST_CASE("metatables do not change what clients share, either") {
  refused("local box = {}\n" + in_read("setmetatable(box, { __index = cache })"), "box");
}

TEST_CASE("a file may set up what it likes") {
  CHECK(alone("local Box = {}\nBox.__index = Box\nfunction Box.name(box) return box.n end\n" +
              in_read("local box = setmetatable({ n = 1 }, Box)\nbox.n = 2\nreturn box:name()"))
            .returned == "2");
  CHECK(alone("local get = cache.get\nfunction cache.get(name) note(name) return get(name) end\n" +
              in_read("return cache.get('a')"))
            .notes == std::vector<std::string>{"a"});
}

TEST_CASE("after an error the others go on as if it had never been") {
  const auto program = program_of(
      "local seen = {}\n"
      "function wrong(key) seen[key] = true end\n"
      "function read(key)\n  if seen[key] then return nil end\n  cache.get(key)\n"
      "  return { key = key, seen = cache.get('of ' .. key) }\nend");
  script::Tree tree(program, outside(), true);
  const Value key[] = {tree.values().text("k1")};
  const auto begins_wrong = [&] {
    try {
      tree.begin("wrong", key, 1);
    } catch (const script::ScriptError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto first = tree.begin("read", key, 1);
  const std::string says = begins_wrong();
  CHECK(says.starts_with("an operation changes \"seen\""));
  CHECK(begins_wrong() == says);
  const Value nothing[] = {Value{}, Value{}};
  const auto second = tree.go_on(first.node, std::span<const Value>(nothing));
  CHECK(second.turn->request.shown == "cache.get of k1");
  const auto third = tree.go_on(second.node, std::span<const Value>(nothing));
  CHECK(third.turn->over);
  CHECK(tree.shown(third.turn->returned) == "{ key = \"k1\" }");
  CHECK(tree.begin("read", key, 1).node == first.node);
}

}  // namespace
}  // namespace cacherace::test

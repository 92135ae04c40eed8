// A script ends, whatever is in it.

#include <catch2/catch_test_macros.hpp>

#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

void ends(const std::string& body, const std::string& what) {
  INFO(body);
  const std::string found = alone(in_read(body)).returned;
  INFO(found);
  CHECK(found.starts_with("error "));
  CHECK_FALSE(found.starts_with("error 0"));
  CHECK(found.find(what) != std::string::npos);
}

const std::string endless = "instructions without an effect";

TEST_CASE("loops that do not end are stopped wherever they are") {
  ends("while true do end", endless);
  ends("cache.get('a')\nwhile true do pcall(error) end", endless);
  ends("cache.atomic(function(c) while true do end end)", endless);
  ends("pcall(pcall, pcall, function() while true do end end)", endless);
  ends("xpcall(function() while true do end end, function() while true do end end)", endless);
  ends(
      "setmetatable({}, { __index = function(t, k) return t[k .. 'x'] end }).a = nil\n"
      "local t t = setmetatable({}, { __index = function(_, k) return t[k] end }) return t.a",
      "overflow");
  ends("for _ in pairs(setmetatable({}, {})) do end while true do for _ in pairs{ 1 } do end end",
       endless);
  ends("('x'):gsub('x', function() while true do end end)", endless);
  ends(
      "local t = setmetatable({}, { __tostring = function() while true do end end })\n"
      "return tostring(t)",
      endless);
}

TEST_CASE("recursion without an end is stopped, in plain words") {
  ends("local function f() return 1 + f() end return f()", "overflow");
  CHECK(alone(in_read("local function f() return (pcall(f)) end return f()")).returned == "true");
  ends("local t = {} for i = 1, 1000 do t = { t } end cache.set('a', t)", "nested too deeply");
  ends("local s = 'x' for i = 1, 300 do s = '(' .. s .. ')' end return s:match(s)", "");
}

TEST_CASE("what takes all memory, or moves too much of it, is stopped") {
  ends("local t = {} while true do t[#t + 1] = {} end", "");
  ends("local s = 'x' while true do s = s .. s end", "memory");
  ends("while true do local s = ('x'):rep(100000000) end", "");
  ends("local s = ('x'):rep(1000000) while true do local t = s .. 'y' end", "");
}

TEST_CASE("patterns end") {
  ends("return (('a'):rep(3000)):find('.-.-.-b')", "too long");
  CHECK(alone(in_read("return ('user:7:profile'):match('^(%w+):(%d+):(%w+)$')")).returned ==
        "\"user\"");
  CHECK(alone(in_read("return (('user-7'):gsub('%-', ':'))")).returned == "\"user:7\"");
}

}  // namespace
}  // namespace cacherace::test

#include "tests/script/random_script.hpp"

#include <initializer_list>

#include "sim/core/digest.hpp"

namespace cacherace::test {

namespace {

class Writer {
 public:
  explicit Writer(std::uint64_t seed) { random_.add(seed); }

  std::string script() {
    std::string text =
        "local function twice(f, ...) f() return select('#', ...), ... end\n"
        "local function walk(n) if n == 0 then return cache.get('x') end\n"
        "  local before = n\n  local found = walk(n - 1)\n  return found or before end\n"
        "local Box = {}\n"
        "Box.__index = function(box, name) return cache.get(name) end\n"
        "Box.__add = function(box, n) return (box.x and 1 or 0) + n end\n"
        "local lazy = setmetatable({}, Box)\n"
        "local function counter(n) return function() n = n + 1 return n end,"
        " function() return n end end\n";
    for (const char* operation : {"read", "write"}) {
      text += std::string("function ") + operation + "(key)\n";
      text += " local a, b, n = nil, false, 0\n local t = { 1, 2 }\n local u = t\n";
      text += " local up, now = counter(0)\n local f = function() return n end\n";
      for (int i = 2 + below(3); i > 0; --i) text += statement(3);
      text +=
          " return tostring(a) .. tostring(b) .. n .. #t .. tostring(t.m) .. tostring(u.m)"
          " .. now() .. tostring(f())\nend\n";
    }
    return text;
  }

 private:
  int below(int n) {
    random_.add(std::uint64_t{1});
    return static_cast<int>(random_.value() % static_cast<std::uint64_t>(n));
  }
  std::string any(std::initializer_list<const char*> of) {
    return of.begin()[below(static_cast<int>(of.size()))];
  }

  std::string entry() { return any({"'x'", "'y'", "key", "'g:' .. key"}); }
  std::string storable() {
    return any({"1", "2", "true", "n", "'s'", "{ n }", "{ m = n, 1 }", "b or 3"});
  }
  std::string variable() { return any({"a", "b", "a", "b", "t.m"}); }
  std::string asked() {
    switch (below(16)) {
      case 0:
      case 1:
      case 2:
        return "cache.get(" + entry() + ")";
      case 3:
        return "cache.set(" + entry() + ", " + storable() + ")";
      case 4:
        return "cache.set(" + entry() + ", " + storable() + ", { nx = true, ttl = '5s' })";
      case 5:
        return "cache.del(" + entry() + ")";
      case 6:
        return "db.read(key)";
      case 7:
        return "db.write(key)";
      case 8:
        return "memory.get('m')";
      case 9:
        return "memory.update('m', function(old) n = n + 1 return (old and 1 or 0) + 1 end)";
      case 10:
        return "choose(2)";
      case 11:
        return "walk(" + std::to_string(below(3)) + ")";
      case 12:
        return "(twice(up, cache.get(" + entry() + "), cache.exists('y')))";
      case 13:
        return "(lazy.x)";
      case 14:
        return "(lazy + 1)";
      default:
        return "cache.exists(" + entry() + ")";
    }
  }
  std::string condition() {
    return any(
        {"a", "not a", "b == true", "a == b", "t.m", "n > 1", "now() > 1", "type(a) == 'table'"});
  }
  std::string block(int depth) {
    std::string text;
    for (int i = 1 + below(2); i > 0; --i) text += statement(depth - 1);
    return text;
  }

  std::string statement(int depth) {
    switch (below(depth > 0 ? 27 : 9)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return "  " + variable() + " = " + asked() + "\n";
      case 4:
        return any({"  n = n + 1\n", "  up()\n", "  a, b = b, a\n", "  u = { m = t.m }\n",
                    "  t = u\n", "  u.m = n\n", "  t[#t + 1] = n\n", "  a = nil\n", "  n = 0\n"});
      case 5:
        return "  f = function() n = n + 1 return " + any({"n", "a", "t.m", "now()"}) + " end\n";
      case 6:
        return "  f()\n";
      case 7:
        return "  note(tostring(" + any({"a", "b", "n", "t.m", "now()"}) + "))\n";
      case 8:
        return "  a = tostring(" + asked() + ") .. tostring(" + asked() + ")\n";
      case 9:
      case 10:
        return "  if " + condition() + " then\n" + block(depth) + "  else\n" + block(depth) +
               "  end\n";
      case 11:
      case 12:
        return "  for i = 1, 2 do\n" + block(depth) +
               any({"", "  n = i\n", "  f = function() return i end\n"}) + "  end\n";
      case 13:
      case 14:
        return "  while not " + asked() + " do\n" +
               any({"", "  sleep('5ms')\n",
                    "  local z = n\n  f = function() z = z + 1 return z end\n"}) +
               block(depth) + "  end\n";
      case 15:
        return "  repeat local q = " + asked() + "\n" + block(depth) + "  until q or a\n";
      case 16:
        return "  b = pcall(function()\n" + block(depth) +
               any({"", "  error('e')\n", "  a = nil + 1\n"}) + "  end)\n";
      case 17:
        return "  cache.atomic(function(c) a = c.get(" + entry() + ") if " + condition() +
               " then c.set('x', n) else c.del('y') end end)\n";
      case 18:
        return "  for k, v in pairs({ m = 1, x = 2, " + any({"y = n", "3", "[true] = 4"}) +
               " }) do\n" + "  a = cache.get(tostring(k))\n" + block(depth - 1) + "  end\n";
      case 19:
        return "  do local up, now = counter(n)\n" + block(depth) + "  n = now() up() end\n";
      case 20: {
        const std::string body = block(depth);
        return "  local function g(x, ...)\n  local y, z = ...\n" + body +
               "  t.m = y up() return z end\n  a = g(" + any({"1", "a", "n"}) + ", " + asked() +
               ", 2)\n";
      }
      case 21:
        return "  pcall(db.transaction, function(tx) a = tx.read(key) b = tx.write(key)\n" +
               any({"", "  tx.rollback()\n", "  error('e')\n"}) + "  end)\n";
      case 22:
        return "  a = once('f', function()\n" + block(depth - 1) + "  return n end)\n";
      case 23:
        return "  cache.multi(function(c) c.set('x', n) c.get('y') end)\n";
      case 24:
        return "  memory.lock('l')\n" + block(depth) + "  memory.unlock('l')\n";
      case 25:
        return "  do local own = n spawn(function() own = own + 1 cache.set('x', own) note(own) "
               "end) end\n";
      default:
        return "  b, a = pcall(cache.get, " + entry() + ") if not b then a = tostring(a) end\n";
    }
  }

  Digest random_;
};

}  // namespace

std::string random_script(std::uint64_t seed) { return Writer(seed).script(); }

}  // namespace cacherace::test

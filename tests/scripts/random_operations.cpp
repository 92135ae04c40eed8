#include "tests/scripts/random_operations.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>

#include "sim/core/digest.hpp"

namespace cacherace::test {
namespace {

using Json = nlohmann::ordered_json;

class Operations {
 public:
  explicit Operations(std::uint64_t seed) { random_.add(seed); }

  int below(int n) {
    random_.add(std::uint64_t{1});
    return static_cast<int>(random_.value() % static_cast<std::uint64_t>(n));
  }
  std::string any(std::initializer_list<const char*> of) {
    return of.begin()[below(static_cast<int>(of.size()))];
  }

  std::string script() {
    std::string text;
    for (const char* operation : {"read", "write", "other"}) {
      text += std::string("function ") + operation + "(key)\n  local row, a, n = nil, nil, 0\n";
      const int calls = 1 + below(3);
      for (int i = 0; i < calls; ++i) text += "  " + statement(operation) + "\n";
      text += std::string(operation) == "read" ? "  return row\nend\n" : "end\n";
    }
    if (text.find("publish") != std::string::npos)
      text += "function on_message(channel, value) " +
              any({"cache.del(value)", "memory.del(value)", "cache.set('x', 3)"}) + " end\n";
    return text;
  }

 private:
  std::string entry() { return any({"key", "key", "'x'", "'gen:' .. key"}); }
  std::string value() { return any({"row or 1", "{ row = row, n = n }", "n", "true", "unique()"}); }
  std::string options() {
    return any({"", "", ", { ttl = '5s' }", ", { nx = true }", ", { xx = true, ttl = '1s' }",
                ", { keepttl = true }", ", { ttl = '5s', soft = '1s' }", ", { get = true }"});
  }

  std::string set(const char* of) {
    return std::string(of) + ".set(" + entry() + ", " + value() + options() + ")";
  }

  std::string plain() {
    switch (below(22)) {
      case 0:
      case 1:
        return "a = cache.get(" + entry() + ")";
      case 2:
      case 3:
        return set("cache");
      case 4:
        return "cache.del(" + entry() + any({"", ", 'x'"}) + ")";
      case 5:
        return "n = cache.incr('n')";
      case 6:
        return any({"cache.expire('x', '1s')", "cache.persist('x')", "cache.exists('x')"});
      case 7:
        return "a = cache.mget('x', " + entry() + ")";
      case 8:
        return "cache.mset({ x = 1, y = 2 })";
      case 9:
        return any({"cache.hset('h', 'f', n)", "a = cache.hget('h', 'f')", "cache.sadd('s', key)",
                    "for _, m in ipairs(cache.smembers('s')) do cache.del(m) end"});
      case 10:
        return any(
            {"for _, m in ipairs(cache.keys('*')) do cache.del(m) end", "n = #cache.keys('x*')"});
      case 11:
        return "do local cursor, names = cache.scan(0, '*', 1) n = #names "
               "if cursor ~= 0 then cursor, names = cache.scan(cursor, '*', 5) end end";
      case 12:
        return "cache.atomic(function(c) if not c.get(" + entry() + ") then c." +
               any({"set('x', n)", "del(key)", "incr('n')"}) + " end end)";
      case 13:
        return "a = cache.multi(function(c) c.set('x', n) c.get(key) end)";
      case 14:
      case 15:
        return "cache.watch('x') " +
               any({"", "n = cache.get('x') and 1 or 0 ", "cache.unwatch() "}) +
               "a = cache.multi(function(c) c.set(key, 'm') end)";
      case 16:
        return "cache.publish('c', key)";
      case 17:
        return "a = memory.get(" + entry() + ")";
      case 18:
        return any(
            {"memory.set(key, row or 1)", "memory.set('m', n, { ttl = '1s' })", "memory.del(key)"});
      case 19:
        return "memory.update('m', function(old) return (old == 1) and 2 or 1 end)";
      case 20:
        return any({"cache.flush()", "n = choose(2)", "sleep('5ms')"});
      default:
        return "assert(a ~= 'm', 'seen')";
    }
  }

  std::string statement(const std::string& operation) {
    switch (below(12)) {
      case 0:
        return "if a then " + plain() + " else " + plain() + " end";
      case 1:
        return "row = cache.get(key) if row then return row end row = db.read(key) " + set("cache");
      case 2:
        return any({"row = db.read(key)", "row = db.read(key)", "row = db.read_all({ key })[1]"});
      case 3:
      case 4:
        if (operation == "write")
          return any({"row = db.write(key)", "db.write(key)", "db.write(key, { if_version = 1 })",
                      "db.transaction(function(tx) tx.write(key) end)",
                      "db.transaction(function(tx) row = tx.write(key) tx.rollback() end)"});
        return "row = db.read(key)";
      case 5:
        return "pcall(function() " + plain() + " end)";
      case 6:
        return "memory.lock('l') " + plain() + " memory.unlock('l')";
      case 7:
        return "row = once(key, function() return db.read(key) end)";
      case 8:
        return "do local own = key spawn(function() " +
               any({"cache.del(own)", "cache.set('x', 2)", "memory.del(own)"}) + " end) end";
      default:
        return plain();
    }
  }

  Digest random_;
};

}  // namespace

std::string random_race_of_script(std::uint64_t seed, bool timed) {
  Operations draw(seed);
  Json scenario{{"strategies",
                 {{"ours",
                   {{"script", "ours.lua"},
                    {"processes", 1 + draw.below(2)},
                    {"sources", {{"ours.lua", draw.script()}}}}}}}};
  Json& race = scenario["race"];
  race["clients"] = Json::array();
  const int clients = 2 + (draw.below(4) == 0 ? 1 : 0);
  for (int i = 0; i < clients; ++i) {
    Json operations = {draw.any({"read user:7", "write user:7", "other user:7"})};
    if (draw.below(5) == 0) operations.push_back("read user:7");
    race["clients"].push_back({{"name", "client" + std::to_string(i)}, {"do", operations}});
  }
  if (draw.below(3) == 0) race["start"] = "warm";
  if (draw.below(3) == 0) race["faults"] = {{draw.any({"crash", "lose", "evict", "flush"}), 1}};
  if (timed) {
    race["timing"] = "latencies";
    race["pause_max"] = draw.any({"0s", "10ms", "6s"});
    scenario["cache"] = {{"latency", draw.any({"1ms", "200us..1ms"})}};
    scenario["database"] = {{"read", "5ms..30ms"}, {"write", draw.any({"5ms", "5ms..20ms"})}};
  }
  return scenario.dump();
}

}  // namespace cacherace::test

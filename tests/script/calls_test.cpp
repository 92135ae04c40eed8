// What each call asks, and what a script gets for it.

#include <catch2/catch_test_macros.hpp>

#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

TEST_CASE("an entry is stored, found and removed") {
  CHECK(returns("return cache.get('a')") == "nil");
  CHECK(returns("cache.set('a', 5) return cache.get('a')") == "5");
  CHECK(returns("return cache.set('a', 5)") == "true");
  CHECK(returns("cache.set('a', 1) return cache.set('a', 2, { nx = true })") == "false");
  CHECK(returns("return cache.set('a', 2, { xx = true })") == "false");
  CHECK(returns("cache.set('a', 1) return cache.set('a', 2, { get = true })") == "1");
  CHECK(returns("cache.set('a', 1) return cache.exists('a')") == "true");
  CHECK(returns("cache.set('a', 1) return cache.del('a')") == "1");
  CHECK(returns("cache.set('a', 1) return cache.del('a', 'b')") == "1");
  CHECK(returns("return cache.del('a')") == "0");
  CHECK(returns("cache.set('a', 1, { ttl = '5s', soft = '1s' }) "
                "local v, age = cache.get('a') return age") == "\"soft\"");
}

TEST_CASE("an entry keeps its time where the command keeps it") {
  const auto server = [](const std::string& body) { return alone(in_read(body)).server; };
  CHECK(server("cache.set('a', 1, { ttl = '5s' })") == "a:1t | | | ");
  CHECK(server("cache.set('a', 1, { ttl = '5s' }) cache.set('a', 2)") == "a:2 | | | ");
  CHECK(server("cache.set('a', 1, { ttl = '5s' }) cache.set('a', 2, { keepttl = true })") ==
        "a:2t | | | ");
  CHECK(server("cache.set('a', 1, { ttl = '5s' }) cache.incr('a')") == "a:2t | | | ");
  CHECK(server("cache.set('a', 1, { ttl = '5s' }) cache.persist('a')") == "a:1 | | | ");
  CHECK(server("cache.set('a', 1) cache.expire('a', '5s')") == "a:1t | | | ");
  CHECK(server("cache.set('a', 1) cache.flush()") == "| | | ");
}

TEST_CASE("several names are one command") {
  CHECK(returns("cache.mset{ a = 1, b = 2 } return { cache.mget('a', 'b') }") == "{ 1=1 2=2 }");
  CHECK(returns("cache.mset{ b = 2 } local a, b = cache.mget('a', 'b') return b") == "2");
  CHECK(returns("return cache.incr('n') + cache.incr('n', 5) + cache.decr('n')") == "12");
}

TEST_CASE("hashes and sets are entries") {
  CHECK(returns("cache.hset('h', 'f', 1) return cache.hget('h', 'f')") == "1");
  CHECK(returns("return cache.hset('h', 'f', 1)") == "1");
  CHECK(returns("cache.hset('h', 'f', 1) return cache.hset('h', 'f', 2)") == "0");
  CHECK(returns("cache.hset('h', 'f', 1) return cache.hdel('h', 'f')") == "1");
  CHECK(returns("cache.hset('h', 'f', 1) return cache.hgetall('h')") == "{ \"f\"=1 }");
  CHECK(returns("cache.sadd('s', 'b') cache.sadd('s', 'a') return cache.smembers('s')") ==
        "{ 1=\"a\" 2=\"b\" }");
  CHECK(alone(in_read("cache.sadd('s', 'a') cache.srem('s', 'a')")).server == "| | | ");
}

TEST_CASE("a block is one effect, from which captured variables come back") {
  const auto block = alone(in_read(
      "local old\nlocal n = cache.atomic(function(c) old = c.get('a') c.set('a', 2) return 7 end)\n"
      "return tostring(old) .. n"));
  CHECK(block.returned == "\"nil7\"");
  CHECK(block.requests == "cache.atomic;cache.get a;cache.set a;;");
  CHECK(returns("local ok = pcall(cache.atomic, function(c) c.set('a', 1) error('x') end) "
                "return cache.get('a')") == "1");
  CHECK(returns("return cache.multi(function(c) c.set('a', 1) c.get('a') c.get('b') end)") ==
        "{ 1=true 2=1 3=false }");
}

TEST_CASE("rows have a key and a version, and are compared by both") {
  CHECK(returns("return db.read('k1')") == "nil");
  CHECK(returns("db.write('k1') return db.write('k1')") == "k1/2");
  CHECK(returns("return db.write('k1').key") == "\"k1\"");
  CHECK(returns("return db.write('k1').version") == "1");
  CHECK(returns("return db.write('k1') == db.read('k1')") == "true");
  CHECK(returns("return db.write('k1') == db.write('k1')") == "false");
  CHECK(returns("db.write('k1') return db.write('k1', { if_version = 7 })") == "nil");
  CHECK(returns("db.write('k1') return db.read_all{ 'k1', 'k2' }") == "{ 1=k1/1 2=false }");
}

TEST_CASE("a transaction commits, rolls back, and rolls back on an error") {
  CHECK(returns("return db.transaction(function(tx) return tx.write('k1') end)") == "k1/1");
  CHECK(returns("db.transaction(function(tx) tx.write('k1') tx.rollback() end) "
                "return db.read('k1')") == "nil");
  CHECK(returns("pcall(db.transaction, function(tx) tx.write('k1') error('x') end) "
                "return db.read('k1')") == "nil");
  CHECK(returns("local seen db.transaction(function(tx) tx.write('k1') seen = tx.read('k1') end) "
                "return seen") == "k1/1");
}

TEST_CASE("memory is a map, updated at once") {
  CHECK(returns("memory.set('m', 1) return memory.get('m')") == "1");
  CHECK(returns("memory.set('m', 1) memory.del('m') return memory.get('m')") == "nil");
  CHECK(returns("return memory.update('m', function(old) return (old or 0) + 1 end)") == "1");
  CHECK(alone(in_read("memory.set('m', 1) memory.update('m', function() end)")).server == "| | | ");
  CHECK(returns("memory.lock('l') memory.unlock('l') return 1") == "1");
  CHECK(returns("return once('f', function() return 5 end)") == "5");
  CHECK(alone(in_read("return once('f', function() return 5 end)")).server == "| | | ");
}

TEST_CASE("an effect without an answer is an error of its own kind") {
  CHECK(alone(in_read("return cache.get('a')"), "read", 0).returned == "failed");
  CHECK(alone(in_read("return (pcall(cache.get, 'a'))"), "read", 0).returned == "false");
  CHECK(alone(in_read("local ok, why = pcall(cache.get, 'a') error(why, 0)"), "read", 0).returned ==
        "failed");
  CHECK(alone(in_read("local ok, why = pcall(cache.get, 'a') return tostring(why)"), "read", 0)
            .returned == "\"cache.get a: no answer\"");
  CHECK(alone(in_read("fail('no')")).returned == "failed");
}

TEST_CASE("sleeping is part of the next request") {
  CHECK(alone(in_read("sleep('5ms') cache.get('a')")).requests == "cache.get a;");
}

TEST_CASE("a message that a script catches names its file and line") {
  CHECK(returns("local ok, why = pcall(function()\nerror('boom') end)\nreturn why") ==
        "\"cache.lua:3: boom\"");
  CHECK(returns("local ok, why = pcall(function()\nreturn nil + 1 end)\nreturn why") ==
        "\"cache.lua:3: attempt to perform arithmetic on a nil value\"");
  CHECK(alone(in_read("note(select(2, pcall(error, 'x', 2)))")).notes ==
        std::vector<std::string>{"x"});
}

TEST_CASE("what is told beside a step") {
  const auto told = alone(in_read("note('a') assert(false, 'b') note(5) return 1"));
  CHECK(told.notes == std::vector<std::string>{"a", "5"});
  CHECK(told.broken == std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace cacherace::test

// The cache server at `maxmemory`: eviction before a command, and refusal.

#include <catch2/catch_test_macros.hpp>

#include "tests/world/server.hpp"

namespace cacherace::world {
namespace {

using scenario::Eviction;

constexpr Bytes value = 1000;

// Has room for `rows` rows without a TTL; one more goes in, for the limit is looked at before a
// command.
struct Limited : Server {
  Limited(Eviction policy, Bytes rows, Layout layout = {.rows = 20, .locks = true})
      : Server(layout) {
    world.cache.count_memory({.maxmemory = rows * entry_bytes(value, false), .policy = policy},
                             value, Words(1, 0, Purpose::eviction));
  }
  ServerStats stats() const { return world.cache.stats(); }
  void fill(Key from, Key to, Duration time = 0s) {
    for (Key key = from; key < to; ++key) set(key, 1, time);
  }
  std::uint32_t cached() const { return world.cache.present(); }
};

TEST_CASE("without a limit nothing is evicted or refused") {
  Server server({.rows = 20});
  server.world.cache.count_memory({.policy = Eviction::allkeys_lru}, value,
                                  Words(1, 0, Purpose::eviction));
  for (Key key = 0; key < 20; ++key) CHECK(server.set(key, 1).found);
  CHECK(server.world.cache.stats().evicted == 0);
  CHECK(server.world.cache.stats().memory_max == 20 * entry_bytes(value, false));
}

TEST_CASE("noeviction, and a volatile policy without entries with a TTL: what stores is refused") {
  for (const Eviction policy :
       {Eviction::noeviction, Eviction::volatile_lru, Eviction::volatile_lfu,
        Eviction::volatile_random, Eviction::volatile_ttl}) {
    Limited server(policy, 3);
    server.fill(0, 4);  // one command over
    CHECK(server.cached() == 4);
    const Reply refused = server.set(4, 1);
    CHECK(refused.failed);
    CHECK_FALSE(refused.found);
    CHECK(server.set(0, 2).failed);  // also where nothing more would be needed
    CHECK(server.get(0).version == 1);
    CHECK(server.stats().out_of_memory == 2);
    CHECK(server.stats().evicted == 0);
    CHECK(server.cached() == 4);
  }
}

TEST_CASE("over the limit, commands that store are refused, and the others are not") {
  struct Case {
    Effect command;
    bool refused;
  };
  using enum EffectKind;
  const Case cases[] = {
      {{.kind = cache_get}, false},
      {{.kind = cache_del}, false},
      {{.kind = cache_set_ttl, .ttl = 1s}, false},
      {{.kind = cache_unlock, .token = 7}, false},
      {{.kind = cache_unlock_any, .token = 7}, false},
      {{.kind = cache_get_version}, false},
      {{.kind = cache_get_mark}, false},
      {{.kind = cache_keys}, false},
      {{.kind = cache_scan, .version = 3}, false},
      {{.kind = cache_flush}, false},
      {{.kind = cache_lease_get}, false},           // a hit
      {{.kind = cache_lease_get, .key = 9}, true},  // a miss: there is no room for the token
      {{.kind = cache_set, .version = 1}, true},
      {{.kind = cache_set, .when = When::absent, .version = 1}, true},
      {{.kind = cache_set, .when = When::newer, .version = 2}, true},   // a script that stores
      {{.kind = cache_set, .when = When::newer, .version = 1}, false},  // and one that does not
      {{.kind = cache_set, .when = When::same_generation, .version = 2}, true},
      {{.kind = cache_set, .when = When::same_generation, .version = 2, .token = 5}, false},
      {{.kind = cache_set, .when = When::leased, .version = 2, .token = 5}, false},
      {{.kind = cache_set, .when = When::not_held, .version = 2}, true},
      {{.kind = cache_lock, .token = 8}, true},
      {{.kind = cache_seed_version, .token = 1}, true},
      {{.kind = cache_bump_version}, true},
      {{.kind = cache_mark}, true},
      {{.kind = cache_write}, true},
      // Scripts that delete first: no command is refused after a script's first write.
      {{.kind = cache_del, .leaves = Leaves::tombstone, .version = 2}, false},
      {{.kind = cache_del, .leaves = Leaves::hold_off}, false},
      {{.kind = cache_del, .leaves = Leaves::generation}, false},
  };
  for (const auto& [command, refused] : cases) {
    Limited server(Eviction::noeviction, 3,
                   {.rows = 20,
                    .locks = true,
                    .leases = true,
                    .lease_rate = 10s,
                    .lease_ttl = 10s,
                    .generations = true,
                    .markers = true,
                    .volatile_queue = true});
    server.send({.kind = cache_lock, .token = 7});
    server.fill(0, 3);
    const World before = server.world;
    CAPTURE(name(command), command.key, static_cast<int>(command.leaves));
    CHECK(server.send(command).failed == refused);
    CHECK(server.stats().out_of_memory == (refused ? 1 : 0));
    server.world.cache.restart_stats();
    World same = before;
    same.cache.restart_stats();
    if (refused) CHECK(server.world == same);
  }
}

TEST_CASE("a delete makes room again") {
  Limited server(Eviction::noeviction, 3);
  server.fill(0, 4);
  CHECK(server.set(4, 1).failed);
  CHECK(server.del(0).found);
  CHECK(server.set(4, 1).found);
}

TEST_CASE("an entry that is given a TTL is at once what a volatile policy evicts") {
  for (const Eviction policy : {Eviction::volatile_lru, Eviction::volatile_lfu,
                                Eviction::volatile_random, Eviction::volatile_ttl}) {
    Limited server(policy, 3);
    server.fill(0, 4);
    CHECK(server.send({.kind = EffectKind::cache_set_ttl, .key = 2, .ttl = 1h}).found);
    CHECK(server.set(4, 1).found);
    CHECK(server.stats().evicted == 1);
    CHECK_FALSE(server.get(2).found);
    CHECK(server.set(5, 1).failed);  // nothing with a TTL is left
  }
}

TEST_CASE("any command evicts, a get too, and what it asks for may be what goes") {
  Limited server(Eviction::allkeys_lru, 3);
  server.fill(0, 4);
  CHECK(server.stats().evicted == 0);
  CHECK(server.get(9).found == false);
  CHECK(server.stats().evicted == 1);
  CHECK(server.cached() == 3);
}

TEST_CASE("the least recently used entry goes; a use is a get, a set or a new TTL") {
  // Three or four entries and samples of five: the choice is exact.
  struct Case {
    Effect use;  // of key 0, the oldest
    bool counts;
  };
  using enum EffectKind;
  const Case cases[] = {
      {{.kind = cache_get}, true},
      {{.kind = cache_set, .version = 2}, true},
      {{.kind = cache_set, .when = When::absent, .version = 2}, true},  // stores nothing
      {{.kind = cache_set, .when = When::newer, .version = 1}, true},
      {{.kind = cache_set_ttl, .ttl = 1h}, true},
      {{.kind = cache_get, .key = 9}, false},
      {{.kind = cache_keys}, false},
      {{.kind = cache_scan, .version = 20}, false},
  };
  for (const auto& [use, counts] : cases) {
    Limited server(Eviction::allkeys_lru, 3);
    for (Key key = 0; key < 3; ++key) server.set(key, 1, key * 1s);
    server.send(use, 8s);
    server.set(3, 1, 9s);
    server.set(4, 1, 10s);
    CAPTURE(name(use));
    CHECK(server.entry(Name{.key = 0}).present() == counts);
    CHECK(server.entry(Name{.key = 1}).present() != counts);
  }
}

TEST_CASE("a look without a trace is no use") {
  Limited server(Eviction::allkeys_lru, 3);
  for (Key key = 0; key < 4; ++key) server.set(key, 1, key * 1s);
  CHECK(server.entry(Name{.key = 0}, 8s).present());
  server.set(4, 1, 10s);
  CHECK_FALSE(server.entry(Name{.key = 0}).present());
}

TEST_CASE("a server over its limit by several entries evicts them all before one command") {
  Limited server(Eviction::allkeys_random, 3, {.rows = 20, .locks = true});
  for (Key key = 0; key < 20; ++key) server.set(key, 1);
  CHECK(server.stats().evicted == 16);
  CHECK(server.cached() == 4);
  CHECK(server.stats().memory_max == 4 * entry_bytes(value, false));
}

TEST_CASE("locks and counters are evicted like anything else") {
  Limited server(Eviction::allkeys_lru, 2);
  server.send({.kind = EffectKind::cache_lock, .key = 0, .token = 7}, 0s);
  server.set(0, 1, 1s);
  server.set(1, 1, 2s);
  server.set(2, 1, 3s);
  CHECK_FALSE(server.entry({Space::lock, 0}).present());
  CHECK(server.send({.kind = EffectKind::cache_lock, .key = 0, .token = 8}, 4s).found);
}

TEST_CASE("a write that is queued in the cache only is lost with its entry") {
  for (const bool in_cache : {true, false}) {
    Limited server(Eviction::allkeys_lru, 2, {.rows = 9, .volatile_queue = in_cache});
    server.send({.kind = EffectKind::cache_write, .key = 0}, 0s);
    server.send({.kind = EffectKind::cache_write, .key = 0}, 0s);
    server.fill(1, 3, 1s);
    CHECK(server.world.queue.size() == 2);
    const Reply reply = server.set(3, 1, 2s);
    CHECK(reply.found);
    CHECK(reply.lost_writes == (in_cache ? 2 : 0));
    CHECK(server.world.queue.size() == (in_cache ? 0 : 2));
  }
}

TEST_CASE("two servers with the same words evict the same entries; other words, others") {
  const auto left = [](std::uint64_t seed) {
    Server server({.rows = 200});
    server.world.cache.count_memory(
        {.maxmemory = 20 * entry_bytes(value, false), .policy = Eviction::allkeys_random}, value,
        Words(seed, 0, Purpose::eviction));
    for (Key key = 0; key < 200; ++key) server.set(key, 1);
    std::vector<Key> keys;
    for (Key key = 0; key < 200; ++key)
      if (server.entry(Name{.key = key}).present()) keys.push_back(key);
    return keys;
  };
  CHECK(left(1) == left(1));
  CHECK(left(1) != left(2));
}

// ---- active expiry -----------------------------------------------------------------------------

TEST_CASE("a cycle removes what is over, and the server's statistics tell of it") {
  Server server({.rows = 20, .locks = true});
  server.world.cache.count_memory({}, value, Words(1, 0, Purpose::eviction));
  for (Key key = 0; key < 10; ++key) server.set(key, 1, 0s, key < 5 ? 1s : 1h);
  server.set(10, 1);
  const ExpiryCycle cycle = server.world.cache.expire_actively(at(1s + 1ns));
  CHECK(cycle.expired == 5);
  CHECK(cycle.took > Duration{0});
  CHECK(server.world.cache.present() == 6);
  CHECK(server.world.cache.stats().expired == 5);
  CHECK_FALSE(server.get(0, 2s).expired);  // nothing is left to be met
}

TEST_CASE("an expiry that no reply tells of is counted by the server") {
  Server server({.rows = 2, .leases = true, .lease_rate = 1s, .lease_ttl = 1s});
  server.world.cache.count_memory({}, value, Words(1, 0, Purpose::eviction));
  const Effect lease{.kind = EffectKind::cache_lease_get, .token = 7};
  server.send(lease);
  CHECK_FALSE(server.send(lease, 2s).expired);  // there was no value; but the old token is over
  CHECK(server.world.cache.stats().expired == 1);
  server.set(0, 1, 2s, 1s);
  CHECK(server.get(0, 4s).expired);
  CHECK(server.world.cache.stats().expired == 1);
}

}  // namespace
}  // namespace cacherace::world

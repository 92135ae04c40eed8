// The commands of the cache server, held against what Redis 7.0 does.

#include <catch2/catch_test_macros.hpp>

#include "tests/world/server.hpp"

namespace cacherace::world {
namespace {

constexpr Layout everything{.rows = 4,
                            .groups = 2,
                            .locks = true,
                            .leases = true,
                            .lease_rate = 10s,
                            .lease_ttl = 10s,
                            .stale_values = 3s,
                            .generations = true,
                            .markers = true};

// ---- expiry ------------------------------------------------------------------------------------

TEST_CASE("a set clears the TTL that was there, or replaces it") {
  Server server(everything);
  server.set(0, 1, 0s, 1s);
  server.set(0, 2, 1s);
  CHECK(server.get(0, 24h).version == 2);
  server.set(0, 3, 24h, 1s);
  CHECK(server.get(0, 24h + 1s).version == 3);
  CHECK_FALSE(server.get(0, 24h + 1s + 1ns).found);
}

TEST_CASE("a set with KEEPTTL keeps the TTL, of an entry that is there") {
  Server server(everything);
  const Effect set{.kind = EffectKind::cache_set, .keeps_ttl = true, .version = 2, .ttl = 9s};
  server.set(0, 1, 0s, 2s);
  CHECK(server.send(set, 1s).found);
  CHECK(server.get(0, 2s).version == 2);
  CHECK_FALSE(server.get(0, 2s + 1ns).found);
  server.set(0, 1, 3s, 1s);
  CHECK(server.send(set, 5s).expired);  // there is none to keep any more
  CHECK(server.get(0, 24h).found);
  server.set(0, 1, 25h);
  server.send(set, 26h);
  CHECK(server.get(0, 48h).version == 2);
}

TEST_CASE("EXPIRE changes the TTL of an entry, and says when there is none") {
  Server server(everything);
  const Effect expire{.kind = EffectKind::cache_set_ttl, .key = 0, .ttl = 5s};
  CHECK_FALSE(server.send(expire).found);
  CHECK_FALSE(server.get(0).found);  // it makes no entry
  server.set(0, 1);
  CHECK(server.send(expire, 10s).found);
  CHECK(server.get(0, 15s).found);
  CHECK_FALSE(server.get(0, 15s + 1ns).found);
  server.set(0, 1, 20s, 1s);
  const Reply late = server.send(expire, 22s);
  CHECK_FALSE(late.found);
  CHECK(late.expired);
}

TEST_CASE("INCR keeps the TTL, and counts from 0 where nothing is") {
  Server server({.rows = 2, .generations = true, .versions = true});
  const Effect incr{.kind = EffectKind::cache_bump_version, .key = 0, .token = 1};
  CHECK(server.send(incr).token == 1);
  CHECK(server.send(incr).token == 2);
  const Name counter{Space::version, 0};
  server.world.cache.set_expiry(server.world.cache.names().find(counter), at(5s));
  CHECK(server.send(incr, 1s).token == 3);
  CHECK(server.entry(counter).expires_at == at(5s));
  CHECK(server.send(incr, 6s).token == 1);
  CHECK(server.entry(counter, 24h).number == 1);  // a new one, without a TTL
}

TEST_CASE("any command that meets an expired entry removes it, and says so once") {
  struct Case {
    Effect command;
    bool found;
  };
  const Case cases[] = {
      {{.kind = EffectKind::cache_get}, false},
      {{.kind = EffectKind::cache_lease_get, .token = 9}, false},
      {{.kind = EffectKind::cache_del}, false},  // DEL says 0
      {{.kind = EffectKind::cache_set, .version = 2}, true},
      {{.kind = EffectKind::cache_set, .when = When::absent, .version = 2}, true},
      {{.kind = EffectKind::cache_set, .when = When::newer, .version = 1}, true},
      {{.kind = EffectKind::cache_set_ttl, .ttl = 1s}, false},
      {{.kind = EffectKind::cache_evict}, false},
  };
  for (const auto& [command, found] : cases) {
    Server server(everything);
    server.set(0, 1, 0s, 1s);
    const Reply reply = server.send(command, 2s);
    CAPTURE(name(command));
    CHECK(reply.expired);
    CHECK(reply.found == found);
    CHECK_FALSE(server.get(0, 2s).expired);
  }
}

TEST_CASE("an expired lock or mark is gone for whoever comes") {
  const Effect lock{.kind = EffectKind::cache_lock, .token = 7, .ttl = 1s};
  const Effect mark{.kind = EffectKind::cache_mark, .ttl = 1s};
  for (const Effect& other : {Effect{.kind = EffectKind::cache_lock, .token = 8},
                              Effect{.kind = EffectKind::cache_unlock, .token = 7},
                              Effect{.kind = EffectKind::cache_unlock_any, .token = 8}}) {
    Server server(everything);
    server.send(lock);
    const Reply reply = server.send(other, 1s + 1ns);
    CHECK(reply.expired);
    CHECK(reply.found == (other.kind == EffectKind::cache_lock));
  }
  Server server(everything);
  server.send(mark);
  const Effect look{.kind = EffectKind::cache_get_mark};
  CHECK(server.send(look, 1s).found);
  CHECK(server.send(mark, 2s).expired);
  CHECK(server.send(look, 3s).found);
}

// ---- conditions --------------------------------------------------------------------------------

TEST_CASE("SET NX stores only where no entry is") {
  Server server(everything);
  const Effect add{.kind = EffectKind::cache_set, .when = When::absent, .version = 1, .ttl = 5s};
  CHECK(server.send(add).found);
  const Effect again{.kind = EffectKind::cache_set, .when = When::absent, .version = 2};
  CHECK_FALSE(server.send(again, 1s).found);
  CHECK(server.get(0, 5s).version == 1);
  CHECK_FALSE(server.get(0, 6s).found);  // nor was the TTL touched
}

TEST_CASE("a compare-and-delete frees the lock for the right token only") {
  Server server(everything);
  CHECK(server.send({.kind = EffectKind::cache_lock, .token = 7}).found);
  const Reply second = server.send({.kind = EffectKind::cache_lock, .token = 8});
  CHECK_FALSE(second.found);
  CHECK(second.token == 7);
  CHECK_FALSE(server.send({.kind = EffectKind::cache_unlock, .token = 8}).found);
  CHECK(server.entry({Space::lock, 0}).present());
  CHECK(server.send({.kind = EffectKind::cache_unlock, .token = 7}).found);
  CHECK_FALSE(server.send({.kind = EffectKind::cache_unlock, .token = 7}).found);
}

TEST_CASE("an unchecked delete of a lock frees it, whoever holds it") {
  Server server(everything);
  server.send({.kind = EffectKind::cache_lock, .token = 7, .ttl = 1s});
  CHECK(server.send({.kind = EffectKind::cache_unlock_any, .token = 8}).found);
  CHECK(server.send({.kind = EffectKind::cache_lock, .token = 9}).found);
}

TEST_CASE("a group's version is seeded once, with an own number or with one never used before") {
  Server server({.rows = 4, .groups = 2, .versions = true});
  const auto seed = [&](Key key, std::uint32_t token) {
    return server.send({.kind = EffectKind::cache_seed_version, .key = key, .token = token});
  };
  const auto version = [&](Key key) {
    return server.send({.kind = EffectKind::cache_get_version, .key = key});
  };
  CHECK_FALSE(version(0).found);
  const Reply first = seed(0, 0);
  CHECK_FALSE(first.found);
  CHECK(first.token > 0);
  CHECK(seed(2, 0).token == first.token);  // the same group: SET NX GET
  CHECK(version(2).token == first.token);
  CHECK(seed(1, 1).token == 1);  // another
  server.send({.kind = EffectKind::cache_flush});
  CHECK_FALSE(version(0).found);
  CHECK(seed(0, 0).token != first.token);
}

// ---- many keys ---------------------------------------------------------------------------------

TEST_CASE("KEYS lists the live keys of the group only, and looks at every entry") {
  Server server(everything);
  for (Key key = 0; key < 4; ++key) server.set(key, 1, 0s, key == 2 ? 1s : Duration::max());
  server.send({.kind = EffectKind::cache_lock, .key = 0, .token = 7});
  const Reply keys = server.send({.kind = EffectKind::cache_keys, .key = 0}, 2s);
  CHECK(keys.found);
  CHECK(keys.count == 5);
  const Reply deleted = server.send({.kind = EffectKind::cache_del_listed}, 2s);
  CHECK(deleted.found);
  CHECK(deleted.count == 1);  // key 0: key 2 is expired, keys 1 and 3 are of the other group
  CHECK_FALSE(server.get(0, 2s).found);
  CHECK(server.get(1, 2s).found);
  CHECK(server.get(3, 2s).found);
  CHECK(server.entry({Space::lock, 0}).present());
}

TEST_CASE("a list belongs to the client that asked for it, and is used up by its delete") {
  Server server(everything);
  server.set(0, 1);
  server.send({.kind = EffectKind::cache_keys, .key = 0}, 0s, 1);
  CHECK(server.send({.kind = EffectKind::cache_del_listed}, 0s, 0).count == 0);
  CHECK(server.send({.kind = EffectKind::cache_del_listed}, 0s, 2).count == 0);  // never listed
  CHECK(server.send({.kind = EffectKind::cache_del_listed}, 0s, 1).count == 1);
  CHECK(server.send({.kind = EffectKind::cache_del_listed}, 0s, 1).count == 0);
}

TEST_CASE("the pages of a SCAN cover every key exactly once while nothing changes") {
  for (const Version page : {1U, 3U, 7U, 10U, 25U}) {
    Server server({.rows = 10, .groups = 1});
    for (Key key = 0; key < 10; ++key) server.set(key, 1);
    std::uint32_t cursor = 0, looked_at = 0, deleted = 0;
    do {
      const Reply reply =
          server.send({.kind = EffectKind::cache_scan, .version = page, .token = cursor});
      looked_at += reply.count;
      deleted += server.send({.kind = EffectKind::cache_del_listed}).count;
      cursor = reply.token;
    } while (cursor != 0);
    CAPTURE(page);
    CHECK(looked_at == 10);
    CHECK(deleted == 10);
    CHECK(server.world.cache.present() == 0);
  }
}

TEST_CASE("FLUSHALL and a restart empty everything: values, locks, leases, generations, marks") {
  for (const EffectKind kind : {EffectKind::cache_flush, EffectKind::cache_restart}) {
    Server server(everything);
    server.set(0, 1);
    server.send({.kind = EffectKind::cache_lock, .key = 0, .token = 7});
    server.send({.kind = EffectKind::cache_lease_get, .key = 1, .token = 7});
    server.send({.kind = EffectKind::cache_del, .leaves = Leaves::generation, .key = 2});
    server.send({.kind = EffectKind::cache_mark, .key = 3});
    CHECK(server.send({.kind = kind}).count == 5);
    CHECK(server.world.cache == World(everything).cache);
  }
}

TEST_CASE("a restart takes the copies in processes along, where these flush on a disconnect") {
  for (const bool flushes : {true, false})
    for (const EffectKind kind : {EffectKind::cache_flush, EffectKind::cache_restart}) {
      Server server({.rows = 1, .local_caches = true, .flushes_locals = flushes});
      server.set(0, 1);
      server.send({.kind = EffectKind::local_set, .version = 1});
      CHECK(server.send({.kind = kind}).count == 1);
      CAPTURE(flushes, name(Effect{.kind = kind}));
      CHECK(server.send({.kind = EffectKind::local_get}).found ==
            !(flushes && kind == EffectKind::cache_restart));
    }
}

}  // namespace
}  // namespace cacherace::world

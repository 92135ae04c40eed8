// What strategies' server-side scripts do with entries: leases, versions, tombstones, hold-offs,
// generations, and negative entries.

#include <catch2/catch_test_macros.hpp>

#include "tests/world/server.hpp"

namespace cacherace::world {
namespace {

// ---- leases ------------------------------------------------------------------------------------

struct Leased : Server {
  explicit Leased(std::optional<Duration> stale = {})
      : Server({.rows = 2,
                .leases = true,
                .lease_rate = 10s,
                .lease_ttl = 10s,
                .stale_values = stale}) {}

  Reply lease(std::uint32_t token, Duration time) {
    return send({.kind = EffectKind::cache_lease_get, .token = token}, time);
  }
  Reply lease_set(Version version, std::uint32_t token, Duration time) {
    return send(
        {.kind = EffectKind::cache_set, .when = When::leased, .version = version, .token = token},
        time);
  }
};

TEST_CASE("one reader of a key gets a token, and the next one only when the window is over") {
  Leased server;
  CHECK(server.lease(7, 0s).token == 7);
  const Reply refused = server.lease(8, 10s);
  CHECK(refused.refused);
  CHECK(refused.token == 0);
  CHECK_FALSE(refused.found);
  CHECK(server.lease(9, 10s + 1ns).token == 9);
}

TEST_CASE("a leased set stores with the live token, once") {
  Leased server;
  server.lease(7, 0s);
  CHECK_FALSE(server.lease_set(5, 8, 1s).found);
  CHECK_FALSE(server.lease_set(5, 0, 1s).found);
  CHECK(server.lease_set(5, 7, 1s).found);
  CHECK_FALSE(server.lease_set(6, 7, 1s).found);
  const Reply hit = server.lease(9, 2s);
  CHECK(hit.found);
  CHECK(hit.version == 5);
  CHECK(hit.token == 0);
}

TEST_CASE("a token ends with its window") {
  Leased server;
  server.lease(7, 0s);
  CHECK_FALSE(server.lease_set(5, 7, 10s + 1ns).found);
}

TEST_CASE("a delete voids the token, and makes no room for another") {
  Leased server;
  server.lease(7, 0s);
  server.del(0, 1s);
  CHECK_FALSE(server.lease_set(5, 7, 2s).found);
  CHECK_FALSE(server.lease_set(5, 0, 2s).found);
  CHECK(server.lease(8, 10s).refused);
  CHECK(server.lease(9, 11s).token == 9);
}

TEST_CASE("a deleted value answers refused readers for its time, marked as such") {
  Leased server(3s);
  server.set(0, 5);
  server.del(0, 0s);
  const Reply leader = server.lease(7, 1s);
  CHECK_FALSE(leader.found);
  CHECK(leader.token == 7);
  const Reply stale = server.lease(8, 3s);
  CHECK(stale.refused);
  CHECK(stale.found);
  CHECK(stale.version == 5);
  CHECK_FALSE(server.lease(8, 3s + 1ns).found);
  CHECK_FALSE(server.get(0, 1s).found);
}

// ---- versions ----------------------------------------------------------------------------------

Reply set_if(Server& server, When when, Version version, std::uint32_t token = 0,
             Duration time = 0s) {
  return server.send(
      {.kind = EffectKind::cache_set, .when = when, .version = version, .token = token}, time);
}

Reply leave(Server& server, Leaves leaves, Version version, Duration ttl, Duration time = 0s) {
  return server.send(
      {.kind = EffectKind::cache_del, .leaves = leaves, .version = version, .ttl = ttl}, time);
}

TEST_CASE("set-if-newer stores over an older version only") {
  Server server({.rows = 1});
  CHECK(set_if(server, When::newer, 2).found);
  CHECK_FALSE(set_if(server, When::newer, 1).found);
  CHECK_FALSE(set_if(server, When::newer, 2).found);
  CHECK(server.get(0).version == 2);
  CHECK(set_if(server, When::newer, 3).found);
  CHECK(server.get(0).version == 3);
}

TEST_CASE("a tombstone is no answer, and refuses what is older until it expires") {
  Server server({.rows = 1});
  server.set(0, 1);
  CHECK(leave(server, Leaves::tombstone, 2, 10s).found);
  CHECK_FALSE(server.get(0).found);
  CHECK_FALSE(set_if(server, When::newer, 1).found);
  CHECK(set_if(server, When::newer, 1, 0, 11s).found);
  CHECK_FALSE(leave(server, Leaves::tombstone, 2, 10s, 12s).expired);
  CHECK(set_if(server, When::newer, 2, 0, 12s).found);  // the version that it stands for
}

TEST_CASE("a tombstone leaves what is newer: a value, or another tombstone") {
  Server server({.rows = 1});
  server.set(0, 5);
  leave(server, Leaves::tombstone, 4, 10s);
  CHECK(server.get(0).version == 5);
  leave(server, Leaves::tombstone, 7, 10s);
  leave(server, Leaves::tombstone, 6, 99s, 1s);
  CHECK(server.entry({}).number == 7);
  CHECK(server.entry({}).expires_at == at(10s));
}

TEST_CASE("a tombstone without a version is a plain delete, which another tombstone outlives") {
  Server server({.rows = 1});
  server.set(0, 5);
  leave(server, Leaves::tombstone, 0, 10s);
  CHECK_FALSE(server.entry({}).present());
  leave(server, Leaves::tombstone, 6, 10s);
  leave(server, Leaves::tombstone, 0, 10s);
  CHECK(server.entry({}).number == 6);
}

TEST_CASE("a hold-off refuses fills for its time, whatever their version") {
  Server server({.rows = 1});
  server.set(0, 1);
  leave(server, Leaves::hold_off, 2, 11s);
  CHECK_FALSE(server.get(0).found);
  CHECK_FALSE(set_if(server, When::not_held, 2, 0, 11s).found);
  CHECK_FALSE(set_if(server, When::newer, 9, 0, 11s).found);
  CHECK_FALSE(set_if(server, When::absent, 2, 0, 11s).found);
  CHECK(set_if(server, When::not_held, 2, 0, 11s + 1ns).found);
  leave(server, Leaves::hold_off, 3, 11s, 20s);
  server.set(0, 3, 21s);  // a plain set does not ask
  CHECK(server.get(0, 21s).version == 3);
}

TEST_CASE("a fill is refused when a delete has come since its miss") {
  Server server({.rows = 2, .generations = true});
  CHECK(server.get(0).token == 0);
  CHECK(set_if(server, When::same_generation, 1, 0).found);
  leave(server, Leaves::generation, 2, Duration::max());
  const Reply miss = server.get(0);
  CHECK_FALSE(miss.found);
  CHECK(miss.token == 1);
  CHECK_FALSE(set_if(server, When::same_generation, 1, 0).found);
  CHECK(set_if(server, When::same_generation, 2, 1).found);
  CHECK(server.get(1).token == 0);  // each key has its own
  server.send({.kind = EffectKind::cache_flush});
  CHECK(set_if(server, When::same_generation, 1, 0).found);  // resurrection: the count is lost
}

// ---- rows that do not exist --------------------------------------------------------------------

TEST_CASE("a negative entry is a hit without a row, for its time") {
  Server server({.rows = 1});
  for (const Key key : {0U, 77U}) {  // also of a key whose row never exists
    CHECK(server.set(key, 0, 0s, 5s).found);
    const Reply hit = server.get(key, 5s);
    CHECK(hit.found);
    CHECK(hit.version == 0);
    CHECK_FALSE(server.get(key, 5s + 1ns).found);
    CHECK(server.set(key, 0, 6s, 5s).found);
    CHECK(server.del(key, 6s).found);
    CHECK_FALSE(server.get(key, 6s).found);
  }
  CHECK(server.world.cache.slots() == server.world.cache.names().fixed() + 1);
}

// ---- versioned names ---------------------------------------------------------------------------

TEST_CASE("keys are found under the version of their group: a new one orphans them all") {
  Server server({.rows = 4, .groups = 2, .versions = true});
  const auto bump = [&] {
    server.send({.kind = EffectKind::cache_bump_version, .key = 0, .token = 1});
  };
  bump();
  const Effect set{.kind = EffectKind::cache_set, .key = 2, .version = 1, .name_version = 1};
  CHECK(server.send(set).found);
  CHECK(server.world.current_name(2) == Name{.key = 2, .name_version = 1});
  CHECK(server.entry(server.world.current_name(2)).present());
  bump();
  CHECK_FALSE(server.entry(server.world.current_name(2)).present());
  CHECK(server.entry({.key = 2, .name_version = 1}).present());  // an orphan
  CHECK(server.world.current_name(1) == Name{.key = 1, .name_version = 0});
}

}  // namespace
}  // namespace cacherace::world

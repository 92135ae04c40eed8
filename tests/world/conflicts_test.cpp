// conflicts() says when the order of two effects can matter: swapping neighbours that do not
// conflict changes nothing.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <vector>

#include "tests/world/server.hpp"

namespace cacherace::world {
namespace {

constexpr std::uint32_t token = 7;

// Names with versions take slots in the order of their stores, and a replica's log has the order of
// the commits: worlds that differ in these alone are told apart. So these are looked at with one
// key.
Layout layout(Key keys) {
  return {.rows = keys,
          .groups = 1,
          .processes = 1,
          .replicas = keys == 1 ? 1U : 0U,
          .locks = true,
          .leases = true,
          .lease_rate = 10s,
          .lease_ttl = 10s,
          .stale_values = 10s,
          .generations = true,
          .versions = keys == 1,
          .markers = true,
          .volatile_queue = true,
          .coalesce = true,
          .flights = true,
          .local_caches = true,
          .flushes_locals = true,
          .transactions = true,
          .filter = scenario::BloomFilter{.bits = 64, .hashes = 2}};
}

// Every kind that a client can perform by itself: what happens to single entries is the engine's,
// and the other steps of a transaction, a flight or a replica need a first one.
std::vector<Effect> effects(Key keys) {
  using enum EffectKind;
  std::vector<Effect> all;
  for (Key key = 0; key < keys; ++key) {
    for (const EffectKind kind :
         {cache_get,          cache_del,        cache_lease_get,   cache_lock,
          cache_unlock,       cache_unlock_any, cache_get_version, cache_seed_version,
          cache_bump_version, cache_mark,       cache_get_mark,    cache_keys,
          cache_del_listed,   cache_write,      cache_evict,       cache_flush,
          cache_restart,      db_read,          db_write,          db_begin,
          queue_append,       queue_take,       flight_join,       flight_forget,
          local_get,          local_del,        filter_check,      filter_add})
      all.push_back({.kind = kind, .key = key, .token = token});
    all.push_back({.kind = cache_set_ttl, .key = key, .ttl = 1s});
    all.push_back({.kind = cache_scan, .key = key, .version = 1});
    if (keys == 1) all.push_back({.kind = db_read, .from_replica = true, .key = key});
    if (keys == 1) all.push_back({.kind = db_apply, .key = key});
    for (const Version version : {5U, 6U}) {
      all.push_back({.kind = cache_clean, .key = key, .version = version});
      all.push_back({.kind = local_set, .key = key, .version = version});
      all.push_back({.kind = flight_finish, .key = key, .version = version});
      for (const When when : {When::always, When::absent, When::newer, When::same_generation,
                              When::leased, When::not_held})
        all.push_back({.kind = cache_set, .when = when, .key = key, .version = version});
      for (const Leaves leaves : {Leaves::tombstone, Leaves::hold_off, Leaves::generation})
        all.push_back({.kind = cache_del, .leaves = leaves, .key = key, .version = version});
    }
  }
  return all;
}

bool possible(const World& world, const Effect& effect) {
  if (effect.kind == EffectKind::db_begin) return !world.database.locked(effect.key);
  if (effect.kind == EffectKind::db_apply)
    return world.database.behind(0) && world.database.next_to_apply(0) == effect.key;
  return true;
}

// Cold, warm, and with something of everything.
std::vector<World> starts(Key keys) {
  const World cold(layout(keys), 2);
  World warm = cold;
  World full = cold;
  const auto perform = [&](World& world, const Effect& effect) {
    world.perform(effect, 0, start_of_time);
  };
  for (Key key = 0; key < keys; ++key) {
    perform(warm, {.kind = EffectKind::cache_set, .key = key, .version = 4});
    perform(warm, {.kind = EffectKind::local_set, .key = key, .version = 4});
    perform(warm, {.kind = EffectKind::cache_keys, .key = key});
    perform(full, {.kind = EffectKind::cache_lease_get, .key = key, .token = token});
    perform(full, {.kind = EffectKind::cache_write, .key = key});
    perform(full, {.kind = EffectKind::cache_lock, .key = key, .token = token});
    perform(full, {.kind = EffectKind::cache_mark, .key = key});
    perform(full, {.kind = EffectKind::db_write, .key = key});
  }
  perform(full, {.kind = EffectKind::cache_bump_version});
  return {cold, warm, full};
}

struct Outcome {
  World world;
  Reply of_a, of_b;
  bool operator==(const Outcome&) const = default;
};

// Two clients, so that what one does is not the other's.
Outcome in_order(const World& start, const Effect& a, const Effect& b, bool a_first) {
  Outcome outcome{.world = start, .of_a = {}, .of_b = {}};
  if (a_first) outcome.of_a = outcome.world.perform(a, 0, start_of_time);
  if (!possible(outcome.world, b)) return {.world = start, .of_a = {}, .of_b = {}};
  outcome.of_b = outcome.world.perform(b, 1, start_of_time);
  if (!a_first) {
    if (!possible(outcome.world, a)) return {.world = start, .of_a = {}, .of_b = {}};
    outcome.of_a = outcome.world.perform(a, 0, start_of_time);
  }
  return outcome;
}

// A queued write takes the next version of its row, as a write of the database does: the one party
// that conflicts() does not see both touch.
bool both_take_a_version(const Effect& a, const Effect& b) {
  const auto queues = [](const Effect& effect) {
    return effect.kind == EffectKind::cache_write || effect.kind == EffectKind::queue_append;
  };
  const auto writes = [](const Effect& effect) {
    return effect.kind == EffectKind::db_write || effect.kind == EffectKind::db_begin;
  };
  return a.key == b.key && ((queues(a) && writes(b)) || (queues(b) && writes(a)));
}

TEST_CASE("effects that do not conflict may change places, replies included") {
  std::set<std::pair<EffectKind, EffectKind>> ordered;  // kinds whose order mattered
  for (const Key keys : {1U, 2U})
    for (const World& start : starts(keys))
      for (const Effect& a : effects(keys))
        for (const Effect& b : effects(keys)) {
          if (!possible(start, a) || !possible(start, b)) continue;
          const bool order_matters = !(in_order(start, a, b, true) == in_order(start, a, b, false));
          if (order_matters) ordered.emplace(a.kind, b.kind);
          if (!order_matters || conflicts(a, b) || both_take_a_version(a, b)) continue;
          CAPTURE(name(a), a.key, a.version, name(b), b.key, b.version);
          CHECK_FALSE(order_matters);
        }
  // Not for want of effects: each party's reads see its writes.
  using enum EffectKind;
  for (const auto& [read, write] : {std::pair{cache_get, cache_set},
                                    {cache_get, cache_del},
                                    {cache_get, cache_flush},
                                    {cache_lock, cache_unlock_any},
                                    {cache_keys, cache_set},
                                    {cache_get_mark, cache_mark},
                                    {cache_get_mark, db_apply},
                                    {cache_get_version, cache_bump_version},
                                    {db_read, db_write},
                                    {db_read, db_apply},
                                    {local_get, local_set},
                                    {local_get, cache_restart},
                                    {filter_check, filter_add},
                                    {queue_take, cache_write},
                                    {flight_join, flight_forget}}) {
    CAPTURE(name(Effect{.kind = read}), name(Effect{.kind = write}));
    CHECK(ordered.contains({read, write}));
  }
}

TEST_CASE("gets and sets, reads and writes of one key conflict exactly where order matters") {
  using enum EffectKind;
  constexpr Key keys = 2;
  std::vector<Effect> plain;
  for (Key key = 0; key < keys; ++key)
    for (const EffectKind kind : {cache_get, cache_set, cache_del, db_read, db_write})
      for (const Version version : {5U, 6U})
        plain.push_back({.kind = kind, .key = key, .version = kind == cache_set ? version : 0});
  World warm({.rows = keys}, 2);
  for (Key key = 0; key < keys; ++key)
    warm.perform({.kind = cache_set, .key = key, .version = 4}, 0, start_of_time);
  for (const Effect& a : plain)
    for (const Effect& b : plain) {
      bool order_matters = false;
      for (const World& start : {World({.rows = keys}, 2), warm})
        order_matters |= !(in_order(start, a, b, true) == in_order(start, a, b, false));
      CAPTURE(name(a), a.key, a.version, name(b), b.key, b.version);
      const bool same_set =
          a.kind == cache_set && a == b;  // one of the two is lost, no matter which
      CHECK(order_matters == (conflicts(a, b) && !same_set));
    }
}

}  // namespace
}  // namespace cacherace::world

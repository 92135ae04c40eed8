// The entries of a cache server and their names.

#include "sim/world/cache.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::world {
namespace {

using namespace std::chrono_literals;

constexpr SimTime at(Duration d) { return start_of_time + d; }

Entry row(Version version, Duration ttl, SimTime now) {
  return {.expires_at = later(now, ttl), .number = version, .content = Content::row};
}

constexpr Name first{.key = 0}, second{.key = 1};

TEST_CASE("an entry is readable up to and including t + TTL, and gone after it") {
  Cache cache({.rows = 1});
  cache.store(first, row(3, 60s, at(5s)), at(5s));
  CHECK(cache.peek(first, at(65s)).number == 3);
  CHECK(cache.meet(first, at(65s)).entry.number == 3);
  CHECK_FALSE(cache.peek(first, at(65s + 1ns)).present());
  CHECK(cache.present() == 1);  // nobody has come across it yet
  CHECK(cache.meet(first, at(65s + 1ns)).expired);
  CHECK(cache.present() == 0);
  const auto [entry, expired] = cache.meet(first, at(65s + 1ns));
  CHECK_FALSE(entry.present());
  CHECK_FALSE(expired);  // counted once
}

TEST_CASE("a new expiry takes the place of the old one") {
  Cache cache({.rows = 1});
  cache.store(first, row(1, 1s, at(0s)), at(0s));
  cache.set_expiry(cache.names().find(first), never);
  CHECK(cache.peek(first, at(24h)).number == 1);
  cache.set_expiry(cache.names().find(first), at(48h));
  CHECK_FALSE(cache.peek(first, at(48h + 1ns)).present());
}

TEST_CASE("clearing removes every entry, whatever it stands for, and counts them") {
  Cache cache({.rows = 2, .locks = true, .generations = true, .versions = true});
  const Entry number{.number = 1, .content = Content::number};
  cache.store({Space::lock, 0}, number, at(0s));
  cache.store({Space::generation, 1}, number, at(0s));
  cache.store({Space::version, 0}, number, at(0s));
  cache.store({.key = 0, .name_version = 7}, row(1, 1s, at(0s)), at(0s));
  CHECK(cache.clear() == 4);
  CHECK(cache.present() == 0);
  for (const Space space : {Space::lock, Space::generation, Space::version})
    for (Key key = 0; key < 2; ++key) CHECK_FALSE(cache.peek({space, key}, at(0s)).present());
  CHECK(cache.names().find({.key = 0, .name_version = 7}) == no_slot);
}

TEST_CASE("caches are values: equal by content, independent after copying") {
  Cache a({.rows = 1});
  Cache b = a;
  CHECK(a == b);
  a.store(first, row(1, 1s, at(0s)), at(0s));
  CHECK_FALSE(a == b);
  CHECK_FALSE(b.peek(first, at(0s)).present());
  a.remove(first);
  CHECK(a == b);
  a.count_memory({}, 100, Words(1, 0, Purpose::eviction));
  CHECK_FALSE(a == b);
  b = a;
  CHECK(a == b);
  b.store(first, row(1, 1s, at(0s)), at(0s));
  CHECK(a.memory_used() == 0);
  CHECK(b.memory_used() == entry_bytes(100, true));
}

TEST_CASE("memory is that of the entries: rows by their size, everything else small") {
  Cache cache({.rows = 2, .locks = true});
  cache.count_memory({}, 1000, Words(1, 0, Purpose::eviction));
  const Entry number{.number = 1, .content = Content::number};
  const Entry no_row{.content = Content::no_row};
  cache.store(first, row(1, 1s, at(0s)), at(0s));
  CHECK(cache.memory_used() == entry_bytes(1000, true));
  cache.store(second, no_row, at(0s));
  cache.store({Space::lock, 0}, number, at(0s));
  CHECK(cache.memory_used() == entry_bytes(1000, true) + 2 * entry_bytes(small_value, false));
  CHECK(cache.stats().memory_max == cache.memory_used());
  cache.set_expiry(cache.names().find(first), never);
  CHECK(cache.memory_used() == entry_bytes(1000, false) + 2 * entry_bytes(small_value, false));
  cache.clear();
  CHECK(cache.memory_used() == 0);
  CHECK(cache.stats().memory_max == entry_bytes(1000, true) + 2 * entry_bytes(small_value, false));
  cache.restart_stats();
  CHECK(cache.stats() == ServerStats{});
}

// ---- names -------------------------------------------------------------------------------------

TEST_CASE("what a layout foresees has a slot of its own, and keeps it") {
  Names names({.rows = 3, .locks = true, .leases = true});
  CHECK(names.fixed() == 9);
  for (SlotId slot = 0; slot < names.fixed(); ++slot) {
    CHECK(names.find(names.name_of(slot)) == slot);
    names.release(slot);
    CHECK(names.find_or_take(names.name_of(slot)) == slot);
  }
  CHECK(names.slots() == 9);
}

TEST_CASE("a versioned name takes a slot, and a slot that was released is used again") {
  Names names({.rows = 2, .versions = true});
  const SlotId fixed = names.fixed();
  const Name old{.key = 1, .name_version = 5}, young{.key = 1, .name_version = 6};
  CHECK(names.find(old) == no_slot);
  CHECK(names.find_or_take(old) == fixed);
  CHECK(names.find_or_take(young) == fixed + 1);
  CHECK(names.find_or_take(old) == fixed);
  CHECK(names.name_of(fixed + 1) == young);
  names.release(fixed);
  CHECK(names.find(old) == no_slot);
  CHECK(names.find_or_take({.key = 0, .name_version = 7}) == fixed);
  CHECK(names.slots() == fixed + 2);
}

TEST_CASE("keys of rows that never exist have names too, and are told apart by their space") {
  Names names({.rows = 2, .locks = true});
  const Name stranger{.key = 1'000'000};
  const SlotId slot = names.find_or_take(stranger);
  CHECK(slot == names.fixed());
  const Name its_lock{.space = Space::lock, .key = 1'000'000};
  CHECK(names.find(its_lock) == no_slot);
  CHECK(names.find_or_take(its_lock) == slot + 1);
  CHECK(names.name_of(slot) == stranger);
  CHECK(names.name_of(slot + 1) == its_lock);
}

TEST_CASE("a cache gives a slot back with its entry: by a delete, by expiry and by a flush") {
  Cache cache({.rows = 1, .versions = true});
  const SlotId fixed = cache.names().fixed();
  const auto store = [&](std::uint32_t version) {
    cache.store({.key = 0, .name_version = version}, row(1, 1s, at(0s)), at(0s));
    return cache.names().find({.key = 0, .name_version = version});
  };
  CHECK(store(1) == fixed);
  cache.remove(Name{.key = 0, .name_version = 1});
  CHECK(store(2) == fixed);
  cache.meet({.key = 0, .name_version = 2}, at(2s));
  CHECK(store(3) == fixed);
  cache.clear();
  CHECK(store(4) == fixed);
  CHECK(cache.slots() == fixed + 1);
}

}  // namespace
}  // namespace cacherace::world

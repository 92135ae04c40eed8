#include "sim/world/memory.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "tests/support/prop.hpp"

namespace cacherace::world {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;
using scenario::Eviction;

constexpr SimTime at(Duration d) { return start_of_time + d; }

scenario::CacheSettings settings(Eviction policy, std::uint32_t samples = 5) {
  return {.maxmemory = 1, .policy = policy, .samples = samples};
}

Memory memory_with(const scenario::CacheSettings& settings) {
  return {settings, Words(1, 0, Purpose::eviction)};
}

// ---- sizes -------------------------------------------------------------------------------------

struct Measured {
  Bytes value;
  double without_ttl, with_ttl;
};

TEST_CASE("entries take what redis 7.0.15 was measured to use") {
  // used_memory per entry, of 100,000 entries (2,000 of the largest) with keys of 21 characters
  // and jemalloc; how full the tables are makes a difference of a few bytes each.
  const auto row =
      GENERATE(Measured{1, 107.0, 149.0}, Measured{44, 138.5, 181.0}, Measured{100, 202.5, 245.0},
               Measured{1024, 1370.5, 1413.0}, Measured{4096, 5210.5, 5253.0},
               Measured{100'000, 114'776.2, 114'815.9});
  CAPTURE(row.value);
  CHECK_THAT(static_cast<double>(entry_bytes(row.value, false)), WithinAbs(row.without_ttl, 8));
  CHECK_THAT(static_cast<double>(entry_bytes(row.value, true)), WithinAbs(row.with_ttl, 9));
}

TEST_CASE("memory is counted over storing, replacing, TTLs and removal") {
  Memory memory = memory_with(settings(Eviction::noeviction));
  memory.stored(3, 1024, at(60s), at(0s));
  CHECK(memory.used() == entry_bytes(1024, true));
  memory.stored(3, 10, never, at(0s));
  CHECK(memory.used() == entry_bytes(10, false));
  CHECK(memory.used_max() == entry_bytes(1024, true));
  memory.ttl_changed(3, at(9s));
  CHECK(memory.used() == entry_bytes(10, true));
  CHECK(memory.expires_at(3) == at(9s));
  memory.ttl_changed(3, at(10s));
  CHECK(memory.used() == entry_bytes(10, true));
  memory.removed(3);
  CHECK(memory.used() == 0);
  CHECK_FALSE(memory.present(3));
  CHECK(memory.used_max() == entry_bytes(1024, true));
}

TEST_CASE("replacing an entry is not counted as both at once") {
  Memory memory = memory_with(settings(Eviction::noeviction));
  memory.stored(0, 1000, at(1s), at(0s));
  memory.stored(0, 1001, never, at(0s));
  CHECK(memory.used_max() == entry_bytes(1000, true));
}

TEST_CASE("memory is over its limit when more is used, not when all is") {
  auto limits = settings(Eviction::noeviction);
  limits.maxmemory = entry_bytes(100, false);
  Memory memory = memory_with(limits);
  memory.stored(0, 100, never, at(0s));
  CHECK_FALSE(memory.over());
  memory.ttl_changed(0, at(1s));
  CHECK(memory.over());
  limits.maxmemory.reset();
  Memory unlimited = memory_with(limits);
  unlimited.stored(0, 1 << 20, never, at(0s));
  CHECK_FALSE(unlimited.over());
}

// ---- policies ----------------------------------------------------------------------------------

// Slots that go one after the other until none is offered.
std::vector<SlotId> drain(Memory memory, SimTime now) {
  std::vector<SlotId> victims;
  while (const auto victim = memory.next_victim(now)) {
    memory.removed(*victim);
    victims.push_back(*victim);
  }
  return victims;
}

constexpr Eviction policies[] = {
    Eviction::noeviction,   Eviction::allkeys_lru,     Eviction::allkeys_lfu,
    Eviction::volatile_lru, Eviction::allkeys_random,  Eviction::volatile_lfu,
    Eviction::volatile_ttl, Eviction::volatile_random,
};

TEST_CASE("each policy evicts what it may, and that to the last") {
  struct Row {
    Eviction policy;
    bool persistent, expiring;  // which may be victims
  };
  const auto row = GENERATE(
      Row{Eviction::noeviction, false, false}, Row{Eviction::allkeys_lru, true, true},
      Row{Eviction::allkeys_lfu, true, true}, Row{Eviction::allkeys_random, true, true},
      Row{Eviction::volatile_lru, false, true}, Row{Eviction::volatile_lfu, false, true},
      Row{Eviction::volatile_random, false, true}, Row{Eviction::volatile_ttl, false, true});
  CAPTURE(static_cast<int>(row.policy));
  Memory memory = memory_with(settings(row.policy));
  std::set<SlotId> wanted;
  for (SlotId slot = 0; slot < 100; ++slot) {
    const bool expiring = slot % 2 == 1;
    memory.stored(slot, 1, expiring ? at(1h) : never, at(slot * 1s));
    if (expiring ? row.expiring : row.persistent) wanted.insert(slot);
  }
  const auto victims = drain(memory, at(100s));
  CHECK(victims.size() == wanted.size());
  CHECK(std::set<SlotId>(victims.begin(), victims.end()) == wanted);
  CHECK(std::set<SlotId>(memory.evictable().begin(), memory.evictable().end()) == wanted);
}

TEST_CASE("volatile policies evict nothing without a TTL; the entry that gets one goes") {
  const auto policy = GENERATE(Eviction::volatile_lru, Eviction::volatile_lfu,
                               Eviction::volatile_random, Eviction::volatile_ttl);
  CAPTURE(static_cast<int>(policy));
  Memory memory = memory_with(settings(policy));
  for (SlotId slot = 0; slot < 50; ++slot) memory.stored(slot, 1, never, at(0s));
  CHECK_FALSE(memory.next_victim(at(1s)));
  memory.ttl_changed(17, at(1h));
  CHECK(memory.next_victim(at(1s)) == SlotId{17});
  memory.ttl_changed(17, never);
  CHECK_FALSE(memory.next_victim(at(1s)));
  memory.ttl_changed(17, at(1h));
  memory.stored(17, 1, never, at(2s));  // a set without TTL takes it away
  CHECK_FALSE(memory.next_victim(at(2s)));
}

TEST_CASE("volatile-ttl takes the nearest expiry when it samples all") {
  Memory memory = memory_with(settings(Eviction::volatile_ttl, 16));
  for (const SlotId slot : {3U, 1U, 4U, 0U, 5U, 2U})
    memory.stored(slot, 1, at((slot + 1) * 1s), at(0s));
  CHECK(drain(memory, at(0s)) == std::vector<SlotId>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("LRU takes what was not accessed for longest, LFU what was accessed least") {
  for (const auto policy : {Eviction::allkeys_lru, Eviction::allkeys_lfu}) {
    auto limits = settings(policy, 16);
    limits.lfu_log_factor = 0;
    Memory memory = memory_with(limits);
    for (SlotId slot = 0; slot < 4; ++slot) memory.stored(slot, 1, never, at(0s));
    // Slot 2 last, but only once; slot 1 first, but often.
    for (const SlotId slot : {1U, 1U, 1U, 1U, 3U, 3U, 0U, 0U, 0U, 2U})
      memory.touched(slot, at((slot == 2 ? 40 : slot == 0 ? 30 : slot == 3 ? 20 : 10) * 1s));
    const bool lru = policy == Eviction::allkeys_lru;
    CHECK(drain(memory, at(50s)) ==
          (lru ? std::vector<SlotId>{1, 3, 0, 2} : std::vector<SlotId>{2, 3, 0, 1}));
    CHECK((lru ? memory.idle(1, at(50s)) : memory.frequency(1, at(50s))) == (lru ? 40 : 9));
  }
}

TEST_CASE("random policies pick every entry that they may alike") {
  const auto policy = GENERATE(Eviction::allkeys_random, Eviction::volatile_random);
  Memory memory = memory_with(settings(policy));
  for (SlotId slot = 0; slot < 200; ++slot)
    memory.stored(slot, 1, slot % 2 == 0 ? at(1h) : never, at(0s));
  const auto candidates = static_cast<double>(memory.evictable().size());
  constexpr int draws = 200'000;
  std::map<SlotId, int> picked;
  for (int i = 0; i < draws; ++i) ++picked[*memory.next_victim(at(0s))];
  double chi_square = 0;
  for (const SlotId slot : memory.evictable()) {
    const double off = picked[slot] - draws / candidates;
    chi_square += off * off / (draws / candidates);
  }
  // Mean n - 1, variance 2 (n - 1): within four standard deviations, not too even either.
  CHECK_THAT(chi_square, WithinAbs(candidates - 1, 4 * std::sqrt(2 * (candidates - 1))));
}

TEST_CASE("allkeys policies do not prefer entries with a TTL") {
  const auto policy =
      GENERATE(Eviction::allkeys_lru, Eviction::allkeys_lfu, Eviction::allkeys_random);
  Memory memory = memory_with(settings(policy));
  constexpr SlotId count = 20'000;
  for (SlotId slot = 0; slot < count; ++slot)
    memory.stored(slot, 1, slot % 4 == 0 ? at(1h) : never, at(0s));
  int expiring = 0;
  constexpr int evicted = 4000;
  for (int i = 0; i < evicted; ++i) {
    const SlotId victim = *memory.next_victim(at(1s));
    expiring += victim % 4 == 0;
    memory.removed(victim);
  }
  CHECK_THAT(expiring, WithinAbs(evicted / 4.0, 4 * std::sqrt(evicted * 0.25 * 0.75)));
}

// ---- laws --------------------------------------------------------------------------------------

// What, which slot, with what.
using Command = std::tuple<std::uint8_t, std::uint8_t, std::uint16_t>;

struct ModelEntry {
  Bytes value;
  SimTime expires_at;
  SimTime accessed;
};
using Model = std::map<SlotId, ModelEntry>;

void apply(const Command& command, SimTime now, Memory& memory, Model& model) {
  const auto [what, which, with] = command;
  const SlotId slot = which % 12;
  const SimTime expires_at = with % 3 == 0 ? never : now + (with % 100) * 1s;
  const bool present = model.contains(slot);
  switch (what % 4) {
    case 0:
      memory.stored(slot, with, expires_at, now);
      model[slot] = {with, expires_at, now};
      break;
    case 1:
      if (present) memory.removed(slot);
      model.erase(slot);
      break;
    case 2:
      if (present) memory.touched(slot, now);
      if (present) model[slot].accessed = now;
      break;
    default:
      if (present) memory.ttl_changed(slot, expires_at);
      if (present) model[slot].expires_at = expires_at;
  }
}

std::set<SlotId> as_set(const std::vector<SlotId>& slots) { return {slots.begin(), slots.end()}; }

void agree(const Memory& memory, const Model& model) {
  Bytes used = 0;
  std::set<SlotId> all, with_ttl;
  for (const auto& [slot, entry] : model) {
    used += entry_bytes(entry.value, entry.expires_at != never);
    all.insert(slot);
    if (entry.expires_at != never) with_ttl.insert(slot);
    RC_ASSERT(memory.expires_at(slot) == entry.expires_at);
  }
  RC_ASSERT(memory.used() == used);
  for (SlotId slot = 0; slot < 12; ++slot) RC_ASSERT(memory.present(slot) == all.contains(slot));
  RC_ASSERT(memory.volatile_slots().size() == with_ttl.size());
  RC_ASSERT(as_set(memory.volatile_slots()) == with_ttl);
}

TEST_CASE("memory agrees with a model, and its victims are entries that the policy may evict") {
  test::prop("entries, bytes and victims",
             [](const std::vector<Command>& commands) {
               const auto policy =
                   *rc::gen::elementOf(std::vector(std::begin(policies), std::end(policies)));
               Memory memory = memory_with(settings(policy, 3));
               Memory again = memory;
               Model model, other;
               SimTime now = at(0s);
               for (const auto& command : commands) {
                 now += 7s;
                 apply(command, now, memory, model);
                 apply(command, now, again, other);
                 agree(memory, model);
                 const auto victim = memory.next_victim(now);
                 RC_ASSERT(victim == again.next_victim(now));
                 RC_ASSERT(victim.has_value() == !memory.evictable().empty());
                 if (victim) RC_ASSERT(as_set(memory.evictable()).contains(*victim));
               }
               RC_ASSERT(memory == again);
             },
             {.cases = 500});
}

TEST_CASE("with all entries sampled, the first victim is the one that was idle for longest") {
  test::prop("longest idle",
             [](const std::vector<Command>& commands) {
               Memory memory = memory_with(settings(Eviction::allkeys_lru, 12));
               Model model;
               SimTime now = at(0s);
               for (const auto& command : commands) apply(command, now += 1s, memory, model);
               const auto oldest = std::ranges::min_element(
                   model, {}, [](const auto& entry) { return entry.second.accessed; });
               const auto victim = memory.next_victim(now);
               RC_ASSERT(victim.has_value() == !model.empty());
               // A command touches one entry at a time, so no two are equally old.
               if (victim) RC_ASSERT(*victim == oldest->first);
             },
             {.cases = 300});
}

TEST_CASE("memories are values: a copy goes on alike, and apart") {
  Memory memory = memory_with(settings(Eviction::allkeys_lru));
  for (SlotId slot = 0; slot < 40; ++slot) memory.stored(slot, slot, at(1h), at(slot * 1s));
  Memory copy = memory;
  CHECK(copy == memory);
  CHECK(drain(copy, at(50s)) == drain(memory, at(50s)));
  copy.touched(0, at(50s));
  CHECK_FALSE(copy == memory);
}

}  // namespace
}  // namespace cacherace::world

// Zones against readings of clocks: what is possible for a zone is possible for some readings.

#include "sim/search/zone.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <optional>
#include <set>

#include "sim/search/zone_set.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::search {
namespace {

constexpr std::size_t clocks = 3;
constexpr Bound most = 6;
using Readings = std::array<Bound, clocks>;

// All readings up to `most`, of integers, that the zone's bounds allow.
std::set<Readings> readings(const Zone& zone) {
  std::set<Readings> all;
  const auto ahead = [&](std::size_t a, std::size_t b) { return zone.ahead(a, b); };
  for (Bound x = 0; x <= most; ++x)
    for (Bound y = 0; y <= most; ++y)
      for (Bound z = 0; z <= most; ++z) {
        const Readings at{x, y, z};
        bool allowed = true;
        for (std::size_t a = 0; a < clocks; ++a) {
          allowed &= at[a] <= ahead(a, Zone::no_clock) && -at[a] <= ahead(Zone::no_clock, a);
          for (std::size_t b = 0; b < clocks; ++b) allowed &= at[a] - at[b] <= ahead(a, b);
        }
        if (allowed) all.insert(at);
      }
  return all;
}

Bound bound(Bound low, Bound high) { return *rc::gen::inRange<Bound>(low, high + 1); }
std::size_t clock_or_none() {
  const auto clock = *rc::gen::inRange<std::size_t>(0, clocks + 1);
  return clock == clocks ? Zone::no_clock : clock;
}

// Nothing if there are no such readings.
std::optional<Zone> random_zone() {
  Zone zone = Zone::of_any_age(clocks);
  for (std::size_t clock = 0; clock < clocks; ++clock)
    if (!zone.at_most(clock, most)) return std::nullopt;
  for (int i = 0; i < 4; ++i)
    if (!zone.keep(clock_or_none(), clock_or_none(), bound(-2, most))) return std::nullopt;
  return zone;
}

// Each bound is attained by some reading: canonical.
void check_tight(const Zone& zone) {
  const auto all = readings(zone);
  RC_ASSERT(!all.empty());
  const auto at = [](const Readings& reading, std::size_t clock) {
    return clock == Zone::no_clock ? 0 : reading[clock];
  };
  for (std::size_t a = 0; a <= clocks; ++a)
    for (std::size_t b = 0; b <= clocks; ++b) {
      const std::size_t from = a == clocks ? Zone::no_clock : a;
      const std::size_t to = b == clocks ? Zone::no_clock : b;
      Bound attained = -2 * most;
      for (const auto& reading : all)
        attained = std::max(attained, at(reading, from) - at(reading, to));
      RC_ASSERT(attained == zone.ahead(from, to));
    }
}

TEST_CASE("a bound keeps the readings that meet it") {
  test::prop("keep",
             [] {
               const auto zone = random_zone();
               if (!zone) return;
               const std::size_t a = clock_or_none(), b = clock_or_none();
               const Bound limit = bound(-most, most);
               std::set<Readings> expected;
               const auto at = [](const Readings& reading, std::size_t clock) {
                 return clock == Zone::no_clock ? 0 : reading[clock];
               };
               for (const auto& reading : readings(*zone))
                 if (at(reading, a) - at(reading, b) <= limit) expected.insert(reading);
               Zone kept = *zone;
               const bool some = kept.keep(a, b, limit);
               RC_ASSERT(some == !expected.empty());
               if (!some) return;
               RC_ASSERT(readings(kept) == expected);
               check_tight(kept);
             },
             {.cases = 500});
}

TEST_CASE("time passes until a clock is at its end") {
  test::prop("pass",
             [] {
               const auto zone = random_zone();
               if (!zone) return;
               std::vector<Bound> latest;
               for (std::size_t i = 0; i < clocks; ++i) latest.push_back(bound(0, most));
               std::set<Readings> expected;
               for (const auto& reading : readings(*zone))
                 for (Bound time = 0; time <= most; ++time) {
                   Readings then = reading;
                   bool in_time = true;
                   for (std::size_t i = 0; i < clocks; ++i)
                     in_time &= (then[i] += time) <= latest[i];
                   if (in_time) expected.insert(then);
                 }
               Zone passed = *zone;
               const bool some = passed.pass(latest);
               RC_ASSERT(some == !expected.empty());
               if (!some) return;
               RC_ASSERT(readings(passed) == expected);
               check_tight(passed);
             },
             {.cases = 500});
}

TEST_CASE("clocks are forgotten, exchanged and started") {
  test::prop("take_clocks",
             [] {
               const auto zone = random_zone();
               if (!zone) return;
               std::vector<std::size_t> from;
               for (std::size_t i = 0; i < clocks; ++i) from.push_back(clock_or_none());
               std::set<Readings> expected;
               for (const auto& reading : readings(*zone)) {
                 Readings taken{};
                 for (std::size_t i = 0; i < clocks; ++i)
                   taken[i] = from[i] == Zone::is_new ? 0 : reading[from[i]];
                 expected.insert(taken);
               }
               Zone taken;
               taken.take_clocks(*zone, from);
               RC_ASSERT(readings(taken) == expected);
               check_tight(taken);
             },
             {.cases = 500});
}

TEST_CASE("a set keeps the zones that no other one contains") {
  test::prop("ZoneSet",
             [] {
               ZoneSet set;
               std::map<std::uint32_t, Zone> expected;
               for (std::uint32_t number = 0; number < 12; ++number) {
                 const auto zone = random_zone();
                 if (!zone) continue;
                 const bool contained =
                     std::any_of(expected.begin(), expected.end(),
                                 [&](const auto& other) { return other.second.contains(*zone); });
                 RC_ASSERT(set.add(*zone, number) == !contained);
                 if (contained) continue;
                 std::erase_if(expected,
                               [&](const auto& other) { return zone->contains(other.second); });
                 expected.emplace(number, *zone);
                 RC_ASSERT(set.size() == expected.size());
                 for (std::uint32_t other = 0; other <= number; ++other) {
                   Zone copy;
                   const auto known = expected.find(other);
                   RC_ASSERT(set.copy(other, copy) == (known != expected.end()));
                   if (known != expected.end()) RC_ASSERT(copy == known->second);
                 }
               }
             },
             {.cases = 500});
}

}  // namespace
}  // namespace cacherace::search

#include <catch2/catch_test_macros.hpp>

#include "tests/rules/compare.hpp"
#include "tests/rules/draw.hpp"
#include "tests/rules/enumerate/difference.hpp"

// What these tests print when they fail: the scenario, what the oracle and the product say of it,
// and a schedule that shows it. Many more races: rules_by_hand.

namespace cacherace::rules {
namespace {

/// Where documents and product do not yet say the same, or the documents do not say enough. Most
/// of it changes numbers of schedules only.
bool is_open(const Race& race) {
  const auto& s = race.strategy;
  const bool ends_group = s.write == Write::bump_version || s.write == Write::delete_by_keys ||
                          s.write == Write::delete_by_scan;
  // When a message is under way, if the local entry is deleted first.
  if (s.local && s.local_first) return true;
  // Which commands of a flush, and of a walk through a group, can come late.
  if (race.faults[Fault::lose] > 0 && (s.write == Write::write_behind || ends_group)) return true;
  // Whether what follows the store of a cache-first write comes before its commit.
  if (s.write == Write::write_through && s.cache_first && (s.local || race.derived)) return true;
  // Which version a delete leaves behind within a transaction.
  return s.tombstones != never && s.write == Write::in_transaction;
}

void check(Feature feature, std::uint64_t count) {
  std::uint64_t compared = 0;
  for (std::uint64_t number = 0; number < count; ++number) {
    if (is_open(draw(feature, number))) continue;
    const auto result = compare(draw(feature, number), 150);
    if (!result.refused && !result.large) ++compared;
    INFO(name(feature) << ", race " << number << ":\n" << result.difference);
    REQUIRE(result.difference.empty());
  }
  CHECK(compared >= count / 5);
}

TEST_CASE("the search agrees with the oracle about crashes") { check(Feature::crashes, 40); }
TEST_CASE("the search agrees with the oracle about leases") { check(Feature::leases, 40); }
TEST_CASE("the search agrees with the oracle about groups") { check(Feature::groups, 40); }
TEST_CASE("the search agrees with the oracle about replicas") { check(Feature::replicas, 40); }
TEST_CASE("the search agrees with the oracle about flights") { check(Feature::flights, 40); }
TEST_CASE("the search agrees with the oracle about refreshes") { check(Feature::refreshes, 40); }
TEST_CASE("the search agrees with the oracle about expiry") { check(Feature::expiry, 40); }
TEST_CASE("the search agrees with the oracle about locks") { check(Feature::locks, 40); }
TEST_CASE("the search agrees with the oracle about guards") { check(Feature::guards, 40); }
TEST_CASE("the search agrees with the oracle about aggregates") { check(Feature::derived, 40); }
TEST_CASE("the search agrees with the oracle about write-behind") {
  check(Feature::write_behind, 40);
}
TEST_CASE("the search agrees with the oracle about two faults") { check(Feature::two_faults, 40); }
TEST_CASE("the search agrees with the oracle about local caches") {
  check(Feature::local_caches, 40);
}

TEST_CASE("the search agrees with the oracle about times") {
  std::uint64_t compared = 0;
  for (std::uint64_t number = 0; number < 40; ++number) {
    const auto result = compare_timed(draw_timed(number), 4'000);
    if (!result.refused && !result.large) ++compared;
    INFO("race " << number << ":\n" << result.difference);
    REQUIRE(result.difference.empty());
  }
  CHECK(compared >= 8);
}

/// Whether `moments` solve the system.
bool solves(const System& system, const std::vector<Time>& moments) {
  for (const auto& c : system.constraints())
    if (moments[c.later] - moments[c.earlier] > c.most) return false;
  return true;
}

TEST_CASE("systems of difference constraints: the same as trying all whole moments") {
  constexpr Time last = 9;
  for (std::uint64_t number = 0; number < 300; ++number) {
    Dice dice(number);
    System system;
    for (int i = 0; i < 4; ++i) system.add_moment();
    for (int i = 0; i < 5; ++i) {
      const Time min = dice.below(3);
      const auto later = static_cast<std::size_t>(dice.below(4));
      const auto earlier = static_cast<std::size_t>(dice.below(4));
      if (later != earlier)
        system.between(later, earlier, {.min = min, .max = min + dice.below(3)});
    }
    std::optional<Time> largest;
    for (Time a = 0; a <= last; ++a)
      for (Time b = 0; b <= last; ++b)
        for (Time c = 0; c <= last; ++c)
          for (Time d = 0; d <= last; ++d)
            if (solves(system, {a, b, c, d}) && (!largest || b - a > *largest)) largest = b - a;
    CHECK(system.is_possible() == largest.has_value());
    // With at most three steps of at most four each, what has no bound is seen to reach the end.
    const auto bound = largest ? system.largest(1, 0) : std::nullopt;
    if (largest && bound) CHECK(*bound == *largest);
    if (largest && !bound) CHECK(*largest >= 3);
  }
}

}  // namespace
}  // namespace cacherace::rules

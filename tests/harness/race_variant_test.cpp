// Variants of a scenario: each is a legal scenario within the ranges, and simpler ones come to an
// end.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "sim/harness/fuzz/check_variants.hpp"
#include "sim/harness/fuzz/round_duration.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

/// Ranges of every kind; the soft expiry may come out above the hard one.
constexpr const char* wide = R"({
  "title": "Wide", "story": "Much varies.",
  "keys": {"derived": {"per_key": 1, "known": 1}},
  "strategies": {"a": {},
                 "s~/r": {"read": {"stale-while-revalidate": {"soft": "1s", "hard": "2s"}}}},
  "race": {"clients": [{"name": "reader", "do": ["read user:7", "read user:8#1"]},
                       {"name": "mishap", "do": ["evict user:7", "flush"]}],
           "start": {"user:7": "warm", "user:8": "absent"},
           "timing": "latencies", "pause_max": "1ms"},
  "vary": {"clients": "2..4", "operations": "1..3", "keys": "2..3",
           "faults": {"crash": "0..2", "lose": 1},
           "durations": {"/strategies/s~0~1r/read/stale-while-revalidate/soft": "100ms..10s",
                         "/race/pause_max": "0s..1s"}},
  "expect": {"a": {"staleness": "<= 1s", "hit_ratio": ">= 0.5"}}
})";

std::vector<Variant> drawn_from(const VariantSpace& space, unsigned cases = 200) {
  std::vector<Variant> drawn;
  check_variants(space, {.seed = 7, .cases = cases}, [&](const Variant& variant) {
    if (!load_variant(space, variant)) return Answer::invalid;
    drawn.push_back(variant);
    return Answer::holds;
  });
  return drawn;
}

bool within(const scenario::CountRange& range, std::size_t count) {
  return count >= range.min && count <= range.max;
}

bool is_within_ranges(const VariantSpace& space, const Variant& variant) {
  const auto& vary = space.vary;
  bool fits = within(vary.clients, variant.clients.size()) && within(vary.keys, variant.rows);
  for (const auto& operations : variant.clients) {
    fits &= within(vary.operations, operations.size());
    for (const auto& [kind, row] : operations)
      fits &= kind < space.kinds.size() && row < variant.rows;
  }
  fits &= variant.faults.crash <= 2 && variant.faults.lose == 1 && variant.faults.evict == 0;
  for (std::size_t i = 0; i < variant.durations.size(); ++i) {
    const auto& [min, max] = variant.durations[i];
    fits &=
        vary.durations[i].within.min <= min && min <= max && max <= vary.durations[i].within.max;
  }
  return fits;
}

}  // namespace

TEST_CASE("every variant is a legal scenario that loads again to the same digest") {
  const auto space = space_of(load(wide));
  std::set<std::string> digests;
  for (const auto& variant : drawn_from(space)) {
    const auto loaded = load_variant(space, variant);
    REQUIRE(loaded.has_value());
    const auto again = load_scenario(loaded->json, "again.json");
    REQUIRE(again.has_value());
    CHECK(again->digest == loaded->digest);
    CHECK(loaded->race.faults == variant.faults);
    CHECK(is_within_ranges(space, variant));
    digests.insert(loaded->digest);
  }
  CHECK(digests.size() > 150);
}

TEST_CASE("variants reach every end of the ranges, and the first ones are small") {
  const auto space = space_of(load(wide));
  const auto drawn = drawn_from(space);
  REQUIRE(drawn.size() == 200);
  CHECK(drawn[0].clients.size() == 2);
  CHECK(drawn[0].rows == 2);
  const auto any = [&](auto holds) { return std::any_of(drawn.begin(), drawn.end(), holds); };
  CHECK(any([](const Variant& v) { return v.clients.size() == 4; }));
  CHECK(any([](const Variant& v) { return v.rows == 3; }));
  CHECK(any([](const Variant& v) { return v.faults.crash == 2; }));
  CHECK(any([](const Variant& v) { return v.durations[1].min == 0s; }));
  CHECK(any([](const Variant& v) { return v.durations[1].max == 1s; }));
  CHECK(any([](const Variant& v) { return v.durations[0].min == 100ms; }));
  for (std::size_t kind = 0; kind < space.kinds.size(); ++kind)
    CHECK(any([&](const Variant& v) {
      return std::any_of(v.clients.begin(), v.clients.end(), [&](const auto& operations) {
        return std::any_of(operations.begin(), operations.end(),
                           [&](const auto& operation) { return operation.kind == kind; });
      });
    }));
}

TEST_CASE("durations that contradict each other are drawn again") {
  const auto space = space_of(load(wide));
  for (const auto& variant : drawn_from(space)) CHECK(variant.durations[0].min < 2s);
}

TEST_CASE("the same seed draws the same variants, and another one others") {
  const auto space = space_of(load(wide));
  const auto draw = [&](std::uint64_t seed) {
    std::string all;
    check_variants(space, {.seed = seed, .cases = 20}, [&](const Variant& variant) {
      all += variant_json(space, variant);
      return Answer::holds;
    });
    return all;
  };
  CHECK(draw(1) == draw(1));
  CHECK(draw(1) != draw(2));
}

TEST_CASE("steps to simpler variants stay within the ranges and come to an end") {
  const auto space = space_of(load(wide));
  auto variant = drawn_from(space).back();
  int steps = 0;
  for (auto simpler = simpler_variants(space, variant); !simpler.empty();
       simpler = simpler_variants(space, variant)) {
    for (const auto& one : simpler) CHECK(is_within_ranges(space, one));
    variant = simpler[static_cast<std::size_t>(steps) % simpler.size()];
    REQUIRE(++steps < 100);
  }
  CHECK(variant.clients.size() == 2);
  CHECK(variant.rows == 2);
  CHECK(variant.faults == scenario::Faults{.lose = 1});
}

TEST_CASE("roundness is counted in significant digits") {
  CHECK(significant_digits(0s) == 0);
  CHECK(significant_digits(30ms) == 1);
  CHECK(significant_digits(30'500us) == 3);
  CHECK(rounded_down(37'500us, 1) == 30ms);
  CHECK(rounded_up(37'500us, 2) == 38ms);
  CHECK(rounded_up(99ms, 1) == 100ms);
  CHECK(rounded_up(20ms, 1) == 20ms);
}

}  // namespace cacherace::harness

// Counts of schedules, known from independent programs: of all schedules, how many end with a
// cached entry that is older than its row.

#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "tests/races/race_builder.hpp"

namespace cacherace::test {
namespace {

using namespace std::chrono_literals;
using namespace scenario;

struct Golden {
  Shape shape;
  scenario::Strategy strategy;
  std::uint64_t schedules;
  std::uint64_t violating;
};

void check(const Golden& golden) {
  CAPTURE(golden.shape.readers, golden.shape.writers, golden.shape.evictions);
  const auto counted =
      count(race(readers_and_writers(golden.shape), golden.strategy), judge::no_stale_residue);
  CHECK(counted.coverage.exhausted());
  CHECK(counted.coverage.schedules == golden.schedules);
  CHECK(counted.violating == golden.violating);
}

TEST_CASE("cache-aside: a slow reader puts back the version a writer just replaced", "[race]") {
  check({{.readers = 1}, {.write = DeleteAfter{}}, 10, 1});
  check({{.readers = 2}, {.write = DeleteAfter{}}, 534, 70});
}

TEST_CASE("cache-aside, warm: the one reader hits, and no residue is left", "[race]") {
  check({{.start = KeyStart::warm}, {.write = DeleteAfter{}}, 3, 0});
}

TEST_CASE("delete before the commit: a reader refills between the two", "[race]") {
  check({{.readers = 1}, {.write = DeleteBefore{}}, 10, 6});
  check({{.start = KeyStart::warm}, {.write = DeleteBefore{}}, 5, 2});
}

TEST_CASE("double delete without a delay, the first before the commit, is worse than one delete",
          "[race]") {
  const scenario::Strategy strategy{.write = DoubleDelete{.first = DoubleDelete::First::before}};
  check({{.readers = 1}, strategy, 20, 3});
  check({{.start = KeyStart::warm}, strategy, 11, 1});
}

TEST_CASE("double delete without a delay, the first after the commit", "[race]") {
  const scenario::Strategy strategy{.write = DoubleDelete{.first = DoubleDelete::First::after}};
  check({{.readers = 1}, strategy, 20, 1});
  check({{.start = KeyStart::warm}, strategy, 6, 0});
}

TEST_CASE("set after the commit: two writers store in the other order", "[race]") {
  check({{.readers = 0, .writers = 2}, {.write = SetAfter{}}, 6, 2});
}

TEST_CASE("set if newer: no order of stores leaves an older version", "[race]") {
  check({{.writers = 2}, {.fill = SetIfNewer{}, .write = SetAfter{}}, 188, 0});
}

TEST_CASE("set if newer: an eviction takes the version with the entry", "[race]") {
  check({{.evictions = 1}, {.fill = SetIfNewer{}, .write = SetAfter{}}, 58, 1});
}

TEST_CASE("set if newer: a delete takes the version with the entry", "[race]") {
  check({{.readers = 1}, {.fill = SetIfNewer{}, .write = DeleteAfter{}}, 10, 1});
}

TEST_CASE("add: a fill never replaces what a writer has stored, until that is evicted", "[race]") {
  check({{.readers = 1}, {.fill = AddFill{}, .write = SetAfter{}}, 10, 0});
  check({{.evictions = 1}, {.fill = AddFill{}, .write = SetAfter{}}, 58, 1});
}

TEST_CASE("a versioned tombstone keeps the version, until it is evicted", "[race]") {
  // A tombstone that never expires within the race.
  const scenario::Strategy strategy{.fill = SetIfNewer{.tombstones = Duration::max()}};
  check({{.readers = 1}, strategy, 10, 0});
  check({{.evictions = 1}, strategy, 60, 1});
}

TEST_CASE("a lease is void once its key is deleted", "[race]") {
  const scenario::Strategy strategy{
      .load = Lease{.rate = Duration::max(), .refused = Lease::Refused::give_up},
      .fill = LeaseSet{}};
  check({{.readers = 1}, strategy, 10, 0});
}

TEST_CASE("a generation that has changed refuses the fill", "[race]") {
  check({{.readers = 1}, {.fill = GenerationCheck{}}, 10, 0});
}

TEST_CASE("the number of schedules grows as independent programs counted it", "[race]") {
  for (const auto& [readers, writers, schedules] :
       std::vector<std::tuple<int, int, std::uint64_t>>{{3, 1, 77'436}, {2, 2, 23'792}}) {
    const auto counted =
        count(race(readers_and_writers({.readers = readers, .writers = writers}), DeleteAfter{}),
              judge::no_stale_residue);
    CHECK(counted.coverage.schedules == schedules);
  }
}

TEST_CASE("the number of schedules grows as counted: three readers, two writers", "[race][slow]") {
  const auto counted = count(race(readers_and_writers({.readers = 3, .writers = 2}), DeleteAfter{}),
                             judge::no_stale_residue);
  CHECK(counted.coverage.schedules == 6'064'884);
}

}  // namespace
}  // namespace cacherace::test

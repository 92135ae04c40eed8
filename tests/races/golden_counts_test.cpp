// Counts of schedules, known from independent programs: of all schedules, how many end with a
// cached entry that is older than its row.

#include <catch2/catch_test_macros.hpp>

#include "tests/races/race_builder.hpp"

namespace cacherace::test {
namespace {

using scenario::DeleteAfter;
using scenario::DeleteBefore;
using scenario::KeyStart;
using scenario::SetAfter;

struct Golden {
  Shape shape;
  scenario::Write write;
  std::uint64_t schedules;
  std::uint64_t violating;
};

void check(const Golden& golden) {
  CAPTURE(golden.shape.readers, golden.shape.writers);
  const auto counted =
      count(race(readers_and_writers(golden.shape), golden.write), judge::no_stale_residue);
  CHECK(counted.coverage.exhausted());
  CHECK(counted.coverage.schedules == golden.schedules);
  CHECK(counted.violating == golden.violating);
}

TEST_CASE("cache-aside: a slow reader puts back the version a writer just replaced", "[race]") {
  check({{.readers = 1}, DeleteAfter{}, 10, 1});
  check({{.readers = 2}, DeleteAfter{}, 534, 70});
}

TEST_CASE("cache-aside, warm: the one reader hits, and no residue is left", "[race]") {
  check({{.start = KeyStart::warm}, DeleteAfter{}, 3, 0});
}

TEST_CASE("delete before the commit: a reader refills between the two", "[race]") {
  check({{.readers = 1}, DeleteBefore{}, 10, 6});
  check({{.start = KeyStart::warm}, DeleteBefore{}, 5, 2});
}

TEST_CASE("set after the commit: two writers store in the other order", "[race]") {
  check({{.readers = 0, .writers = 2}, SetAfter{}, 6, 2});
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

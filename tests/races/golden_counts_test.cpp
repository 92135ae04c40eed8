// Counts of schedules, known from independent programs: of all schedules, how many end with a
// cached entry that is older than its row, and a shortest that does.

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <set>
#include <string>
#include <utility>

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
  std::string_view witness = "";
};

std::string_view letter(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::cache_get:
      return "G";
    case EffectKind::cache_set:
      return "S";
    case EffectKind::cache_del:
      return "D";
    case EffectKind::db_read:
      return "Q";
    case EffectKind::db_write:
      return "C";
    default:
      return name(effect);
  }
}

// "R.G R.Q W.C": clients by their first letter, and by their number where there are several.
std::string in_short(const Shape& shape, const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    const auto reads = static_cast<Actor>(shape.readers),
               writes = static_cast<Actor>(shape.writers);
    const Actor actor = step.task == Task::second_delete ? step.owner : step.actor;
    text += text.empty() ? "" : " ";
    if (actor >= reads + writes) {
      text += "EVICT";
      continue;
    }
    const bool reader = actor < reads;
    text += reader ? "R" : "W";
    if ((reader ? reads : writes) > 1)
      text += std::to_string(reader ? actor + 1 : actor - reads + 1);
    text += fmt::format(".{}", letter(step.effect));
  }
  return text;
}

// Of the violating schedules those with the fewest steps, of these those with the fewest context
// switches.
std::set<std::string> shortest(const engine::Race& race, const Shape& shape) {
  std::set<std::string> found;
  std::pair<std::size_t, std::size_t> least;
  search::enumerate(race, {}, [&](const History& history) {
    if (!judge::no_stale_residue.judge(history, 0).finding) return true;
    const std::pair size(history.steps.size(), context_switches(history.steps));
    if (found.empty() || size < least) {
      found.clear();
      least = size;
    }
    if (size == least) found.insert(in_short(shape, history.steps));
    return true;
  });
  return found;
}

void check(const Golden& golden) {
  CAPTURE(golden.shape.readers, golden.shape.writers, golden.shape.evictions);
  const auto model = race(readers_and_writers(golden.shape), golden.strategy);
  const auto counted = count(model, judge::no_stale_residue);
  CHECK(counted.coverage.exhausted());
  CHECK(counted.coverage.schedules == golden.schedules);
  CHECK(counted.violating == golden.violating);
  if (golden.witness.empty()) return;
  const auto found = shortest(model, golden.shape);
  CAPTURE(found, golden.witness);
  CHECK(found.contains(std::string(golden.witness)));
}

TEST_CASE("cache-aside: a slow reader puts back the version a writer just replaced", "[race]") {
  check({{.readers = 1}, {.write = DeleteAfter{}}, 10, 1, "R.G R.Q W.C W.D R.S"});
  check({{.readers = 2}, {.write = DeleteAfter{}}, 534, 70});
}

TEST_CASE("cache-aside, warm: the one reader hits, and no residue is left", "[race]") {
  check({{.start = KeyStart::warm}, {.write = DeleteAfter{}}, 3, 0});
}

TEST_CASE("delete before the commit: a reader refills between the two", "[race]") {
  check({{.readers = 1}, {.write = DeleteBefore{}}, 10, 6, "W.D R.G R.Q R.S W.C"});
  check({{.start = KeyStart::warm}, {.write = DeleteBefore{}}, 5, 2});
}

TEST_CASE("double delete without a delay, the first before the commit, is worse than one delete",
          "[race]") {
  const scenario::Strategy strategy{.write = DoubleDelete{.first = DoubleDelete::First::before}};
  check({{.readers = 1}, strategy, 20, 3, "R.G R.Q W.D W.C W.D R.S"});
  check({{.start = KeyStart::warm}, strategy, 11, 1});
}

TEST_CASE("double delete without a delay, the first after the commit", "[race]") {
  const scenario::Strategy strategy{.write = DoubleDelete{.first = DoubleDelete::First::after}};
  check({{.readers = 1}, strategy, 20, 1, "R.G R.Q W.C W.D W.D R.S"});
  check({{.start = KeyStart::warm}, strategy, 6, 0});
}

TEST_CASE("set after the commit: two writers store in the other order", "[race]") {
  check({{.readers = 0, .writers = 2}, {.write = SetAfter{}}, 6, 2, "W1.C W2.C W2.S W1.S"});
}

TEST_CASE("set if newer: no order of stores leaves an older version", "[race]") {
  check({{.writers = 2}, {.fill = SetIfNewer{}, .write = SetAfter{}}, 188, 0});
}

TEST_CASE("set if newer: an eviction takes the version with the entry", "[race]") {
  check({{.evictions = 1},
         {.fill = SetIfNewer{}, .write = SetAfter{}},
         58,
         1,
         "R.G R.Q W.C W.S EVICT R.S"});
}

TEST_CASE("set if newer: a delete takes the version with the entry", "[race]") {
  check({{.readers = 1},
         {.fill = SetIfNewer{}, .write = DeleteAfter{}},
         10,
         1,
         "R.G R.Q W.C W.D R.S"});
}

TEST_CASE("add: a fill never replaces what a writer has stored, until that is evicted", "[race]") {
  check({{.readers = 1}, {.fill = AddFill{}, .write = SetAfter{}}, 10, 0});
  check({{.evictions = 1},
         {.fill = AddFill{}, .write = SetAfter{}},
         58,
         1,
         "R.G R.Q W.C W.S EVICT R.S"});
}

TEST_CASE("a versioned tombstone keeps the version, until it is evicted", "[race]") {
  // A tombstone that never expires within the race.
  const scenario::Strategy strategy{.fill = SetIfNewer{.tombstones = Duration::max()}};
  check({{.readers = 1}, strategy, 10, 0});
  check({{.evictions = 1}, strategy, 60, 1, "R.G R.Q W.C W.D EVICT R.S"});
}

TEST_CASE("a lease is void once its key is deleted", "[race]") {
  const scenario::Strategy strategy{.load = Lease{.rate = Duration::max(),
                                                  .token_ttl = Duration::max(),
                                                  .refused = Lease::Refused::give_up},
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

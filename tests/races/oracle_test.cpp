// The plain search and an independent program count the same schedules and
// violations, in races and under strategies that nobody chose.

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <sstream>
#include <vector>

#include "sim/engine/race/race.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/scenario/file/load.hpp"
#include "sim/search/enumerate.hpp"
#include "tests/races/oracle/oracle.hpp"
#include "tests/races/oracle/oracle_draw.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::oracle {
namespace {

using test::fast;

std::string text(const Race& race) {
  std::ostringstream out;
  out << race;
  return out.str();
}

// A bound on the effects of all clients of a plain race, so that few have too
// many schedules.
std::size_t effects_most(const Race& race) {
  std::size_t effects = 0;
  for (const auto& operations : race.clients)
    for (const Operation& operation : operations)
      effects += operation.kind == Operation::Kind::write ? 2 : 3;
  return effects;
}

bool is_scenario(const Race& race) {
  return touches_every_key(race) && scenario::load(text(race), "race").has_value();
}

rc::Gen<Race> shrinking(const rc::Gen<Race>& races) {
  return rc::gen::shrink(rc::gen::noShrink(races), [](const Race& race) {
    auto fewer = simpler(race);
    std::erase_if(fewer, std::not_fn(is_scenario));
    return rc::seq::fromContainer(fewer);
  });
}

// What the program makes of the race; nothing if it has too many schedules.
std::optional<Counts> searched(const Race& race, std::uint64_t schedules_max) {
  const auto scenario = scenario::load(text(race), "race");
  RC_ASSERT(scenario.has_value());
  std::vector<const judge::Property*> found;
  for (const auto name : properties) {
    found.push_back(judge::find_property(name));
    if (found.back() == nullptr) RC_FAIL("the search has no property " + std::string(name));
  }
  Counts counts;
  const auto judge = [&](const History& history) {
    for (std::size_t i = 0; i < properties.size(); ++i) {
      const judge::Property& property = *found[i];
      const auto judgement = property.judge(history, property.limit);
      counts.judged[i].arose += judgement.arose;
      counts.judged[i].violating += judgement.finding.has_value();
      if (property.measures) counts.loads_worst = std::max(counts.loads_worst, judgement.measured);
    }
    return ++counts.schedules <= schedules_max;
  };
  const engine::Race model(engine::plan(*scenario), strategy::compose(scenario->strategies[0]));
  const auto coverage = search::enumerate(model, {}, judge);
  if (counts.schedules > schedules_max) return std::nullopt;
  RC_ASSERT(coverage.schedules == counts.schedules);
  counts.transitions = coverage.transitions;
  return counts;
}

// What was compared in all races: their schedules and transitions; of the
// properties, in how many races the situation arose and in how many they were
// violated.
struct Compared {
  std::uint64_t races = 0, too_large = 0;
  Counts sum;

  void add(const Counts& race) {
    ++races;
    sum.schedules += race.schedules;
    sum.transitions += race.transitions;
    for (std::size_t i = 0; i < properties.size(); ++i) {
      sum.judged[i].arose += race.judged[i].arose > 0;
      sum.judged[i].violating += race.judged[i].violating > 0;
    }
  }
};

Compared compare(const rc::Gen<Race>& races, std::uint64_t schedules_max, int cases) {
  Compared compared;
  test::prop("search and oracle agree",
             [&] {
               const Race race = *shrinking(races);
               const auto expected = explore(race, schedules_max);
               const auto found = searched(race, schedules_max);
               RC_ASSERT(found.has_value() == expected.has_value());
               if (!expected) {
                 ++compared.too_large;
                 return;
               }
               RC_ASSERT(*found == *expected);
               compared.add(*expected);
             },
             {.cases = cases});
  return compared;
}

// Lest they agree on nothing worth the name.
void check_variety(const Compared& compared) {
  std::vector<std::string_view> never_arose, never_violated;
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (compared.sum.judged[i].arose == 0) never_arose.push_back(properties[i]);
    if (compared.sum.judged[i].violating == 0) never_violated.push_back(properties[i]);
  }
  CAPTURE(never_arose, never_violated);
  // Races with a lock are large, and those with two holders of it larger than these.
  std::erase(never_violated, "mutual-exclusion");
  if (!fast) std::erase(never_arose, "mutual-exclusion");
  CHECK(never_arose.empty());
  CHECK(never_violated.size() <= (fast ? 0U : 6U));
}

TEST_CASE("the search counts what an independent program counts, in any small race", "[race]") {
  const int cases = fast ? 2'000 : 100;
  const auto small = rc::gen::suchThat(rc::gen::exec(draw_plain_race), [](const Race& race) {
    return effects_most(race) <= 13 && touches_every_key(race);
  });
  const auto compared = compare(small, 50'000, cases);
  CAPTURE(compared.races, compared.too_large, compared.sum);
  CHECK(compared.races > static_cast<std::uint64_t>(cases * 9 / 10));
  int violated = 0;
  for (std::size_t i : {0u, 2u, 3u}) {  // few races break monotonic-reads
    violated += compared.sum.judged[i].violating > 0;
    CHECK(compared.sum.judged[i].arose > compared.sum.judged[i].violating);
  }
  CHECK(violated >= (fast ? 3 : 1));
}

TEST_CASE("the search counts what an independent program counts, under any strategy", "[race]") {
  const int cases = fast ? 5'000 : 400;
  const auto races = rc::gen::suchThat(rc::gen::exec(draw_race), is_scenario);
  const auto compared = compare(races, fast ? 3'000 : 300, cases);
  CAPTURE(compared.races, compared.too_large, compared.sum);
  CHECK(compared.races > static_cast<std::uint64_t>(cases / 3));
  check_variety(compared);
}

}  // namespace
}  // namespace cacherace::oracle

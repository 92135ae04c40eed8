// Zones and plain difference constraints, schedule by schedule, come to the same.

#include <catch2/catch_test_macros.hpp>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/harness/explore/explore_race.hpp"
#include "sim/search/check_times.hpp"
#include "sim/search/explore_timed.hpp"
#include "sim/search/witness.hpp"
#include "tests/races/time_oracle/random_timed_race.hpp"
#include "tests/races/time_oracle/time_oracle.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

// Few of the drawn races are small enough for plain enumeration where it is slow.
constexpr int cases = fast ? 2'000 : 150;
constexpr std::uint64_t schedules_max = fast ? 2'000 : 200;

std::string text(const Observed& observed, std::string_view name) {
  return std::string(name) + (observed.violated ? " violated" : " -") +
         (observed.arose ? " arose " : " - ") + std::to_string(observed.measured) + "\n";
}

// The times that a violation is given are possible ones.
void check_witness(engine::RaceGraph& graph, const std::vector<std::size_t>& moves) {
  const auto witness = *search::witness(graph, moves, std::nullopt, [] { return true; });
  std::vector<Duration> times;
  for (const auto time : witness.times) times.emplace_back(time);
  RC_ASSERT_FALSE(search::check_times(graph, witness.steps, times).has_value());
}

struct Compared {
  int races = 0, impossible = 0, waited = 0;
};

void compare(const TimedRace& drawn, Compared& compared) {
  const auto& [scenario, race] = drawn;
  const auto& strategy = race.strategy();
  const auto expected = count_in_time(race, scenario, strategy, schedules_max);
  if (!expected) return;
  ++compared.races;
  compared.impossible += expected->possible < expected->schedules;
  const engine::RaceTiming timing(scenario, strategy);
  const auto rows = harness::rows_of(race, {.timing = timing});
  const auto properties = judge::untimed_properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const auto monitor = properties[i]->monitor(rows, properties[i]->limit);
    engine::RaceGraph graph(race, *monitor, {.timing = &timing});
    const auto found = search::explore_timed(graph, {}, true);
    RC_ASSERT(text(found.observed, properties[i]->name) ==
              text(expected->properties[i], properties[i]->name));
    if (found.violation) check_witness(graph, *found.violation);
  }
  const auto worst = [&](const judge::Property& property) {
    const auto monitor = property.monitor(rows, 0);
    engine::RaceGraph graph(race, *monitor, {.timing = &timing});
    return search::explore_timed(graph, {}, true).worst.value;
  };
  RC_ASSERT(worst(judge::staleness) == expected->staleness.value_or(search::unbounded));
  RC_ASSERT(worst(judge::wait) == expected->wait.value_or(search::unbounded));
  compared.waited += expected->wait != 0;
}

TEST_CASE("zones and difference constraints come to the same, under any strategy", "[race]") {
  Compared compared;
  prop("zones and constraints agree", [&] { compare(random_timed_race(), compared); },
       {.cases = cases});
  CAPTURE(compared.races, compared.impossible, compared.waited);
  CHECK(compared.races > (fast ? cases / 3 : cases / 10));
  CHECK(compared.impossible > (fast ? cases / 10 : cases / 50));
  if (fast) CHECK(compared.waited > cases / 100);  // of fewer cases perhaps none
}

TEST_CASE("zones and difference constraints come to the same where clients wait for others",
          "[race]") {
  Compared compared;
  prop("zones and constraints agree about who waits",
       [&] { compare(random_race_of_waiters(), compared); }, {.cases = cases});
  CAPTURE(compared.races, compared.impossible, compared.waited);
  CHECK(compared.races > cases / 3);
  CHECK(compared.waited > (fast ? cases / 20 : cases / 50));
}

}  // namespace
}  // namespace cacherace::test

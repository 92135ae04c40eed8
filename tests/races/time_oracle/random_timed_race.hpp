#pragma once
// Small random races with latencies, under any strategy.

#include <rapidcheck.h>

#include <algorithm>
#include <sstream>

#include "sim/engine/race/race.hpp"
#include "sim/scenario/file/load.hpp"
#include "tests/races/oracle/oracle.hpp"
#include "tests/races/oracle/oracle_draw.hpp"

namespace cacherace::test {

// Waits that are short enough for few looks.
inline strategy::Strategy impatient(strategy::Strategy strategy) {
  const auto shorten = [](auto& waits) {
    waits.wait = std::chrono::seconds(*rc::gen::inRange(1, 3));
    waits.give_up = std::chrono::seconds(*rc::gen::inRange(1, 4));
  };
  shorten(strategy.lock);
  shorten(strategy.lease);
  if (strategy.write_through.lock) shorten(*strategy.write_through.lock);
  return strategy;
}

inline scenario::Uniform seconds(int least, int most) {
  using std::chrono::seconds;
  return {seconds(*rc::gen::inRange(0, least + 1)), seconds(most + *rc::gen::inRange(0, 3))};
}

struct TimedRace {
  scenario::Scenario scenario;
  engine::Race race;  // of any time
};

inline TimedRace random_timed_race() {
  const auto drawn =
      *rc::gen::suchThat(rc::gen::exec(oracle::draw_race), [](const oracle::Race& race) {
        std::ostringstream out;
        out << race;
        const bool one_warm =
            std::count(race.starts.begin(), race.starts.end(), oracle::Start::warm) <= 1;
        return one_warm && oracle::touches_every_key(race) &&
               scenario::load(out.str(), "race").has_value();
      });
  std::ostringstream out;
  out << drawn;
  auto scenario = *scenario::load(out.str(), "race");
  scenario.cache.latency = seconds(2, 2);
  scenario.database.read = seconds(3, 3);
  scenario.database.write = seconds(1, 2);
  scenario.database.replicas.lag = seconds(1, 4);
  scenario.race.pause_max = std::chrono::seconds(*rc::gen::inRange(0, 4));
  const auto strategy = impatient(strategy::compose(scenario.strategies[0]));
  return {.scenario = scenario, .race = engine::Race(engine::plan(scenario), strategy, true)};
}

}  // namespace cacherace::test

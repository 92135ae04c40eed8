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
  // Some tokens are replaced while they live.
  auto& layout = strategy.layout;
  if (layout.leases)
    layout.lease_rate =
        std::min<Duration>(layout.lease_ttl, std::chrono::seconds(*rc::gen::inRange(0, 6)));
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

inline TimedRace random_race_in_time(oracle::Race (*draw)()) {
  const auto drawn = *rc::gen::suchThat(rc::gen::exec(draw), [](const oracle::Race& race) {
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
  auto strategy = impatient(strategy::compose(scenario.strategies[0]));
  strategy.lag = seconds(1, 3);
  return {.scenario = scenario, .race = engine::Race(engine::plan(scenario), strategy, true)};
}

inline TimedRace random_timed_race() { return random_race_in_time(oracle::draw_race); }

// One key, and who has to wait for others: readers that join a flight, deletes that follow the
// commits in their order, transactions on one row.
inline oracle::Race draw_waiters() {
  using rc::gen::element;
  using Kind = oracle::Operation::Kind;
  oracle::Race race;
  auto& s = race.strategy;
  s.load = *element(oracle::Load::every_reader, oracle::Load::single_flight);
  s.processes = s.load == oracle::Load::single_flight ? *element(1, 1, 2) : 1;
  s.forget = s.load == oracle::Load::single_flight && *element(false, true);
  s.write = *element(oracle::Write::cdc, oracle::Write::cdc, oracle::Write::delete_after,
                     oracle::Write::delete_in_transaction);
  s.fill = *element(oracle::Fill::set, oracle::Fill::set, oracle::Fill::add);
  s.ttl = *element(0, 0, 4);
  // With it a transaction follows a command to the cache.
  if (s.write == oracle::Write::delete_in_transaction) s.hold_off = *element(0, 4);
  race.starts = {*element(oracle::Start::cold, oracle::Start::warm)};
  race.clients.resize(*element(2u, 3u, 3u));
  for (auto& operations : race.clients) operations = {{*element(Kind::read, Kind::write), 0}};
  return race;
}

inline TimedRace random_race_of_waiters() { return random_race_in_time(draw_waiters); }

}  // namespace cacherace::test

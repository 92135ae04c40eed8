#pragma once
// Races and strategies that nobody chose, as the simulator loads them.

#include <rapidcheck.h>
#include <algorithm>
#include <sstream>

#include "sim/engine/race/race.hpp"
#include "sim/scenario/file/load.hpp"
#include "tests/races/oracle/oracle.hpp"
#include "tests/races/oracle/oracle_draw.hpp"

namespace cacherace::test {

/// Within a property only.
inline engine::Race random_race() {
  const auto text_of = [](const oracle::Race& race) {
    std::ostringstream out;
    out << race;
    return out.str();
  };
  const auto drawn =
      *rc::gen::suchThat(rc::gen::exec(oracle::draw_race), [&](const oracle::Race& race) {
        return oracle::touches_every_key(race) && scenario::load(text_of(race), "race").has_value();
      });
  const auto scenario = scenario::load(text_of(drawn), "race");
  return {engine::plan(*scenario), strategy::compose(scenario->strategies[0])};
}

}  // namespace cacherace::test

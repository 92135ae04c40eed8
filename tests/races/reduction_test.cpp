// The search that recognises states and plain enumeration agree, in races and under strategies that
// nobody chose.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <optional>
#include <set>
#include <sstream>

#include "sim/engine/race_graph.hpp"
#include "sim/judge/property.hpp"
#include "sim/scenario/load.hpp"
#include "sim/search/enumerate.hpp"
#include "sim/search/explore.hpp"
#include "tests/races/oracle.hpp"
#include "tests/races/oracle_draw.hpp"
#include "tests/races/race_builder.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
constexpr int cases = 3'000;
constexpr std::uint64_t schedules_max = 3'000;
#else  // tens of times slower
constexpr int cases = 300;
constexpr std::uint64_t schedules_max = 300;
#endif

judge::Rows rows_of(const engine::Plan& plan) {
  judge::Rows rows{.start = {}, .keys = plan.keys()};
  for (Key row = 0; row < plan.rows.size(); ++row)
    rows.start.push_back(plan.starts[row] == scenario::KeyStart::absent ? 0 : 1);
  return rows;
}

// What all properties come to over all schedules, by their judges; nothing if there are too many.
std::optional<std::vector<Observed>> judged(const engine::Race& race) {
  const auto properties = judge::all_properties();
  std::vector<Observed> all(properties.size());
  const auto coverage =
      search::enumerate(race, {.schedules_max = schedules_max}, [&](const History& history) {
        for (std::size_t i = 0; i < properties.size(); ++i) {
          const auto judgement = properties[i]->judge(history, properties[i]->limit);
          all[i].add({.arose = judgement.arose,
                      .violated = judgement.finding.has_value(),
                      .measured = judgement.measured});
        }
        return true;
      });
  if (!coverage.exhausted()) return std::nullopt;
  return all;
}

std::vector<Observed> explored(const engine::Race& race, bool symmetry) {
  std::vector<Observed> all;
  for (const auto* property : judge::all_properties()) {
    const auto monitor = property->monitor(rows_of(race.plan()), property->limit);
    engine::RaceGraph graph(race, *monitor, {.symmetry = symmetry});
    const auto result = search::explore(graph, {}, true);
    RC_ASSERT(result.exhausted());
    all.push_back(result.observed);
  }
  return all;
}

std::string text(const std::vector<Observed>& all) {
  std::string out;
  const auto properties = judge::all_properties();
  for (std::size_t i = 0; i < all.size(); ++i)
    out += std::string(properties[i]->name) + (all[i].violated ? " violated" : " -") +
           (all[i].arose ? " arose " : " - ") + std::to_string(all[i].measured) + "\n";
  return out;
}

TEST_CASE("recognising states changes no verdict and no worst case, under any strategy", "[race]") {
  int compared = 0;
  prop("the reduced search and plain enumeration agree",
       [&] {
         const auto drawn =
             *rc::gen::suchThat(rc::gen::exec(oracle::draw_race), [](const oracle::Race& race) {
               std::ostringstream out;
               out << race;
               return oracle::touches_every_key(race) &&
                      scenario::load(out.str(), "race").has_value();
             });
         std::ostringstream out;
         out << drawn;
         const auto scenario = scenario::load(out.str(), "race");
         const engine::Race race(engine::plan(*scenario),
                                 strategy::compose(scenario->strategies[0]));
         const auto expected = judged(race);
         if (!expected) return;
         ++compared;
         RC_ASSERT(text(explored(race, false)) == text(*expected));
         RC_ASSERT(text(explored(race, true)) == text(*expected));
       },
       {.cases = cases});
  CHECK(compared > cases / 3);
}

}  // namespace
}  // namespace cacherace::test

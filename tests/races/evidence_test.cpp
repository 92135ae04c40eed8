// The scenario that a failing test of the races names is the race that it explored.

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <string>

#include "sim/scenario/file/load.hpp"
#include "tests/races/table/scenario_of.hpp"
#include "tests/races/table/verdict_of.hpp"

namespace cacherace::test {
namespace {

TEST_CASE("every race of the table can be written as a scenario", "[race]") {
  std::size_t written = 0;
  for (const StrategyGroup& strategies : strategy_groups())
    for (const ListedStrategy& listed : strategies.strategies)
      for (const AnomalyGroup& anomalies : anomaly_groups())
        for (const Anomaly& anomaly : anomalies.anomalies) {
          if (!concerns(anomaly, composed(listed))) continue;
          const auto text = scenario_of(listed, anomaly.plan);
          const auto loaded = scenario::load(text, "race.json");
          CAPTURE(listed.name, anomaly.name, text);
          if (!loaded) FAIL(to_text(loaded.error().front()));
          auto plan = engine::plan(*loaded);
          REQUIRE(plan.scripts.size() == anomaly.plan.scripts.size());
          for (std::size_t i = 0; i < plan.scripts.size(); ++i) {
            CHECK(plan.scripts[i].client == anomaly.plan.scripts[i].client + "-1");
            CHECK(plan.scripts[i].operations == anomaly.plan.scripts[i].operations);
          }
          CHECK(plan.starts == anomaly.plan.starts);
          CHECK(plan.replicas >= anomaly.plan.replicas);
          CHECK(plan.faults == anomaly.plan.faults);
          CHECK(plan.derived == anomaly.plan.derived);
          CHECK(plan.known == anomaly.plan.known);
          ++written;
        }
  CHECK(written > 500);
}

TEST_CASE("an unexpected verdict of a race is shown with its interleaving", "[race]") {
  const auto outcome = explore(listed("cache-aside"), anomaly("stale repopulate"));
  REQUIRE(outcome);
  const auto message = explain("proven", verdict_in(*outcome), evidence_of(*outcome));
  INFO(message);
  for (const char* shown : {"found:    violated", "writer", "set user:7", "cacherace search "})
    CHECK(message.find(shown) != std::string::npos);
}

TEST_CASE("a name that is in no list is said", "[race]") {
  CHECK_THROWS_WITH(listed("cache-asid"), "no strategy of the list is called \"cache-asid\"");
  CHECK_THROWS_WITH(anomaly("stale"), "no anomaly is called \"stale\"");
}

}  // namespace
}  // namespace cacherace::test

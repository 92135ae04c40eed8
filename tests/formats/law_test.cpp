// Results of every kind survive JSON.

#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/threshold.hpp"
#include "sim/harness/traffic/axis.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/harness/traffic/sweep.hpp"
#include "tests/formats/laws.hpp"
#include "tests/formats/nasty.hpp"
#include "tests/support/build.hpp"
#include "tests/support/root.hpp"

namespace cacherace::report {
namespace {

scenario::Scenario shipped(const std::string& name) {
  auto scenario = harness::load_scenario(test::content_of("scenarios/" + name + ".json"), name);
  REQUIRE(scenario.has_value());
  return *std::move(scenario);
}

TEST_CASE("searches of every way survive JSON") {
  for (const std::string name : {"stale-repopulate", "double-delete-timing", "lock-wrong-owner"}) {
    const auto scenario = shipped(name);
    check_survives_json(harness::search(scenario, {}).result);
    check_survives_json(
        harness::search(scenario, {.reduction = harness::Reduction::states}).result);
    check_survives_json(
        harness::search(scenario, {.count = true, .schedules_max = 2'000, .steps_max = 12}).result);
    for (const auto mode : {harness::SearchMode::random, harness::SearchMode::pct})
      check_survives_json(
          harness::search(scenario, {.mode = mode, .schedules_max = 300, .steps_max = 12}).result);
    check_survives_json(harness::search(scenario, {.states_max = 5}).result);
  }
}

TEST_CASE("saved and interrupted searches survive JSON") {
  auto outcome = harness::search(shipped("stale-repopulate"), {});
  outcome.result.results.front().properties.front().counterexample->saved = "race 1.json";
  outcome.result.complete = false;
  check_survives_json(outcome.result);
}

TEST_CASE("a threshold survives JSON") {
  const auto scenario = harness::load_scenario(R"({
    "cache": {"latency": "1ms"}, "database": {"read": "5ms", "write": "5ms"},
    "strategies": {"ttl": {"expiry": {"ttl": "10s"}}},
    "race": {"clients": [{"name": "r", "count": 2, "do": ["read user:7"]},
                         {"name": "w", "do": ["write user:7"]}], "timing": "latencies"},
    "expect": {"ttl": {"staleness": "<= 1s"}}})",
                                               "ttl.json");
  REQUIRE(scenario.has_value());
  const auto found = harness::find_threshold(*scenario, "/strategies/ttl/expiry/ttl",
                                             {.properties = {"staleness"}});
  REQUIRE(found.has_value());
  REQUIRE(found->result.threshold);
  check_survives_json(found->result);
}

TEST_CASE("runs survive JSON, without intervals too") {
  auto scenario = shipped("avalanche-after-a-flush");
  check_survives_json(harness::run(scenario, {.replicates = 3}));
  check_survives_json(harness::run(scenario, {.replicates = 2,
                                              .baseline = scenario.strategies.front().name,
                                              .series = std::chrono::seconds(5)}));
  scenario.seed = 18'446'744'073'709'551'600U;
  check_survives_json(harness::run(scenario, {.replicates = 1}));
}

TEST_CASE("searches of many races survive JSON, saved ones too") {
  const auto scenario = shipped("stale-repopulate");
  auto found = harness::fuzz(scenario, {.cases = 10, .percent = 30, .states_max = 2'000});
  if (!found) FAIL(message_of(found.error()));
  check_survives_json(found->result);
  auto& property = found->result.results.front().properties.front();
  REQUIRE(property.smallest);
  property.smallest->saved = "found/a b.json";
  check_survives_json(found->result);
}

TEST_CASE("sweeps over one and two settings survive JSON") {
  auto scenario = shipped("ttl-backstop");
  if (!test::fast) scenario.traffic.duration = std::chrono::seconds(40);
  harness::SweepOptions options{.run = {.replicates = 2}};
  const std::string ttl = "/strategies/" + scenario.strategies.back().name + "/expiry/ttl";
  for (const std::string& range : {ttl + "=1s..60s:log:5", std::string("/keys/count=100,200")}) {
    const auto axis = harness::parse_axis(range);
    REQUIRE(axis.has_value());
    options.axes.push_back(*axis);
    const auto swept = harness::sweep(scenario, options);
    if (!swept) FAIL(message_of(swept.error()));
    check_survives_json(*swept);
  }
}

TEST_CASE("comparisons of several scenarios survive JSON") {
  check_survives_json(nasty_comparisons());
  check_survives_json({.kind = Result::Kind::comparisons});
}

TEST_CASE("an interrupted run without results survives JSON") {
  check_survives_json(harness::run(shipped("stampede-on-a-hot-key"),
                                   {.replicates = 1, .go_on = [](const auto&) { return false; }}));
}

}  // namespace
}  // namespace cacherace::report

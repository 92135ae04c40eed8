#include "sim/harness/run.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/scenario_file.hpp"
#include "sim/report/json.hpp"

namespace cacherace::harness {
namespace {

scenario::Scenario small() {
  const auto scenario = load_scenario(R"({
    "keys": {"count": 50},
    "strategies": {"a": {}, "b": {"expiry": {"ttl": "1s"}}, "c": {"write": "set-after"}},
    "traffic": {"duration": "5s", "flows": [{"name": "web", "rate": "500/s", "reads": 0.9}]},
    "expect": {"*": {"hit_ratio": "<= 1"}, "b": {"expired_keys": "> 0", "hits": "< 0"}}})",
                                      "small.json");
  REQUIRE(scenario.has_value());
  return *scenario;
}

TEST_CASE("the number of jobs does not change a byte") {
  const auto alone = report::to_json(run(small(), {.replicates = 4, .jobs = 1}));
  CHECK(alone == report::to_json(run(small(), {.replicates = 4, .jobs = 2})));
  CHECK(alone == report::to_json(run(small(), {.replicates = 4, .jobs = 7})));
}

TEST_CASE("a replicate is the run of its own seed") {
  auto scenario = small();
  scenario.strategies.resize(1);
  const auto third = run_once(scenario, scenario.strategies[0], 3, [](SimTime) { return true; });
  scenario.seed = 3;
  const auto alone = run(scenario, {.replicates = 1});
  for (std::size_t i = 0; i < third->metrics.size(); ++i)
    CHECK(alone.results[0].metrics[i].mean == third->metrics[i].second);
  CHECK_FALSE(alone.results[0].metrics[0].ci95);
}

TEST_CASE("strategies are compared under the same requests") {
  const auto result = run(small(), {.replicates = 2});
  const auto reads = [&](std::size_t strategy) {
    return *result.results[strategy].metrics[0].mean;
  };
  CHECK(reads(0) == reads(1));
  CHECK(reads(0) == reads(2));
}

TEST_CASE("expectations name what was found, and decide whether all is met") {
  const auto result = run(small(), {.replicates = 1});
  REQUIRE(result.expectations.size() == 5);
  int met = 0;
  for (const auto& expected : result.expectations) met += expected.met;
  CHECK(met == 4);
  CHECK_FALSE(report::all_met(result));
}

TEST_CASE("only the chosen strategies run") {
  const auto result = run(small(), {.strategies = {"c", "a"}, .replicates = 1});
  REQUIRE(result.results.size() == 2);
  CHECK(result.results[0].strategy == "a");
  CHECK(result.results[1].strategy == "c");
}

TEST_CASE("an interrupted run keeps what is finished, and says that it is incomplete") {
  int asked = 0;
  RunOptions options{.replicates = 2};
  options.go_on = [&](double done) {
    CHECK(done >= 0);
    CHECK(done <= 1);
    return ++asked < 2;
  };
  auto scenario = small();
  scenario.traffic.duration = std::chrono::seconds(60);
  const auto result = run(scenario, options);
  CHECK_FALSE(result.complete);
  CHECK(result.results.size() < 3);
}

}  // namespace
}  // namespace cacherace::harness

// What traffic measures stays within what the search says is the worst, and comes near it.

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/harness/traffic/run.hpp"

namespace cacherace::harness {
namespace {

constexpr const char* scenario_text = R"({
  "cache": {"latency": "200us..1ms"},
  "database": {"read": "5ms..30ms", "write": "5ms..20ms", "connections": 1000},
  "keys": {"count": 20, "popularity": "uniform"},
  "strategies": {
    "ttl": {"expiry": {"ttl": "500ms"}},
    "ttl alone": {"write": "none", "expiry": {"ttl": "500ms"}},
    "set after": {"write": "set-after", "expiry": {"ttl": "500ms"}},
    "single flight": {"load": "single-flight", "expiry": {"ttl": "500ms"}},
    "generation": {"fill": "generation", "expiry": {"ttl": "500ms"}},
    "lease": {"load": {"lease": {"refused": "load"}}, "fill": "lease-set",
              "expiry": {"ttl": "500ms"}},
    "double delete": {"write": {"double-delete": {"first": "after", "delay": "40ms",
                                                  "timer": "durable"}},
                      "expiry": {"ttl": "500ms"}},
    "swr": {"read": {"stale-while-revalidate": {"soft": "200ms", "hard": "500ms"}}}
  },
  "race": {"clients": [{"name": "reader", "count": 2, "do": ["read k"]},
                       {"name": "writer", "count": 2, "do": ["write k"]}],
           "timing": "latencies"},
  "traffic": {"duration": "2min", "warmup": "5s",
              "flows": [{"name": "web", "rate": "3000/s", "reads": 0.97}]}})";

double measured(const report::StrategyResult& strategy, Metric metric) {
  for (const auto& found : strategy.metrics)
    if (found.metric == metric) return found.mean.value();
  FAIL("no metric " << name(metric));
  return 0;
}

TEST_CASE("no read of a run is staler than the worst case, and some come near it", "[slow]") {
  const auto scenario = load_scenario(scenario_text, "my.json");
  REQUIRE(scenario.has_value());
  const auto searched = search(*scenario, {.shrink = false, .properties = {"staleness"}}).result;
  const auto simulated = run(*scenario, {.replicates = 1});
  REQUIRE(searched.results.size() == simulated.results.size());
  for (std::size_t i = 0; i < searched.results.size(); ++i) {
    const auto& worst = *searched.results[i].properties[0].worst;
    CAPTURE(searched.results[i].strategy, worst.value);
    REQUIRE_FALSE(worst.unbounded);
    const double most = static_cast<double>(worst.value) / 1000;
    const double found = measured(simulated.results[i], Metric::staleness_us_max);
    CHECK(found <= most);
    if (most > 10'000) CHECK(found >= most / 4);  // in shorter windows hardly any read falls
  }
}

}  // namespace
}  // namespace cacherace::harness

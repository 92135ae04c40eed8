#include "sim/harness/bench/bench.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/engine/clock/clock.hpp"
#include "sim/harness/bench/bench_peer.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/judge/metric/meter.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

judge::Meter meter_of(const scenario::Scenario& scenario) {
  return {{.rows = static_cast<Key>(scenario.keys.count)},
          start_of_time,
          start_of_time + scenario.traffic.duration};
}

// A database with a queue, latencies of every kind, and clients that wait for their answers.
constexpr const char* busy = R"({
  "cache": {"latency": {"lognormal": {"median": "400us", "p99": "2ms"}}},
  "database": {"read": {"exponential": "8ms"}, "write": "5ms..20ms", "connections": 3},
  "keys": {"count": 300, "popularity": {"zipf": 0.9}},
  "traffic": {"duration": "20s", "flows": [
    {"name": "web", "rate": "300/s", "reads": 0.9},
    {"name": "jobs", "clients": 20, "think": {"exponential": "100ms"}, "reads": 0.7}]}})";

TEST_CASE("the engine that one would write first does the same effects in the same order") {
  for (const char* prefill : {"all", "none"})
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      auto scenario = load_scenario(busy, "busy.json");
      REQUIRE(scenario.has_value());
      scenario->seed = seed;
      scenario->traffic.prefill = std::string(prefill) == "all";
      const engine::KeySampler keys(scenario->keys);
      auto ours = meter_of(*scenario);
      engine::Clock clock(*scenario, strategy::compose(scenario::Strategy{}), keys, seed, ours);
      clock.run([](SimTime) { return true; });
      auto theirs = meter_of(*scenario);
      BenchPeer peer(*scenario, keys, theirs);
      peer.run();
      CHECK(clock.effects() > 5000);
      CHECK(clock.effects() == peer.effects());
      CHECK(clock.digest() == peer.digest());
      const auto mine = ours.metrics(0, {}), other = theirs.metrics(0, {});
      for (const MetricRow& row : metric_rows) {
        CAPTURE(row.name);
        CHECK(mine[row.id] == other[row.id]);
      }
    }
}

TEST_CASE("a benchmark that is ended early keeps what it has measured") {
  double now = 0;
  bool traffic_only = true;
  const auto result = bench({.quick = true,
                             .seconds = [&] { return now += 0.5; },
                             .go_on =
                                 [&](const std::string& what) {
                                   traffic_only = what.find("agenda") == std::string::npos;
                                   return traffic_only;
                                 }});
  CHECK_FALSE(result.complete);
  REQUIRE(result.traffic.size() == 3);
  CHECK(result.traffic[0].operations_per_s ==
        2.0 * static_cast<double>(result.traffic[0].operations));
  CHECK(result.traffic[0].ratio == 1);
  CHECK(result.agenda.empty());
  CHECK(result.search.empty());
}

}  // namespace
}  // namespace cacherace::harness

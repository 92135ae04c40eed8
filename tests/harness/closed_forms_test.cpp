// Traffic against closed forms: each form lies within the simulator's own 99.9 % interval.

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

#include "sim/harness/run.hpp"
#include "sim/harness/scenario_file.hpp"
#include "sim/judge/statistics.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

scenario::Scenario load(const std::string& text) {
  const auto scenario = load_scenario(text, "test.json");
  if (!scenario) FAIL(to_text(scenario.error().front()));
  return *scenario;
}

// Values of `metric`, or of the ratio of two, over replicates of the first strategy.
std::vector<double> sample(const scenario::Scenario& scenario, std::uint32_t replicates,
                           const std::string& metric, const std::string& over = "") {
  std::vector<double> values;
  for (std::uint32_t i = 0; i < replicates; ++i) {
    const auto replicate =
        run_once(scenario, scenario.strategies[0], scenario.seed + i, [](SimTime) { return true; });
    double value = 0, divisor = 1;
    for (const auto& [name, found] : replicate->metrics) {
      if (name == metric) value = *found;
      if (name == over) divisor = *found;
    }
    values.push_back(value / divisor);
  }
  return values;
}

void check_within(const std::vector<double>& values, double form, double width_max) {
  const auto interval = judge::student_interval(values, 0.999);
  CAPTURE(form, interval.low, interval.high);
  CHECK(interval.low <= form);
  CHECK(form <= interval.high);
  CHECK(interval.high - interval.low < width_max * form);
}

std::string shipped(const std::string& name) {
  std::ifstream file(std::string(CACHERACE_ROOT) + "/scenarios/" + name);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("stale fills of the shipped scenario: w E[(G - D)+] per miss", "[slow]") {
  // G, from snapshot to fill: 5..30 ms and half of 0.2..1 ms. D, from commit to delete: half of
  // 0.2..1 ms, always less. One write in ten seconds on each of 200 keys.
  const double w = 2000 * 0.01 / 200;
  const double mean_gap = 0.0175 + 0.0003 - 0.0003;
  const auto scenario = load(shipped("stale-repopulate.json"));
  check_within(sample(scenario, 20, "stale_fills", "misses"), w * mean_gap, 0.5);
}

TEST_CASE("stale fills under an exponential load time g: w g / (1 + w g) of the misses", "[slow]") {
  // With a constant cache latency, G - D is the load time itself, and 1 - E[e^(-w g)] is the chance
  // of a race.
  const auto scenario = load(R"({
    "cache": {"latency": "1ms"}, "database": {"read": {"exponential": "20ms"}, "write": "5ms"},
    "keys": {"count": 400, "popularity": "uniform"},
    "traffic": {"duration": "200s", "warmup": "10s",
                "flows": [{"name": "web", "rate": "8000/s", "reads": 0.975}]}})");
  const double w = 8000 * 0.025 / 400;
  const double g = 0.020;
  check_within(sample(scenario, 20, "stale_fills", "misses"), w * g / (1 + w * g), 0.15);
}

TEST_CASE("TTL hit ratio with instant loads: lT / (1 + lT)") {
  // Latencies of a nanosecond are as good as none.
  const auto scenario = load(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns"},
    "keys": {"count": 100, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "2s"}}},
    "traffic": {"duration": "1000s", "warmup": "20s",
                "flows": [{"name": "web", "rate": "100/s", "reads": 1}]}})");
  check_within(sample(scenario, 10, "hit_ratio"), 2.0 / 3.0, 0.02);
}

TEST_CASE("TTL hit ratio and loads with a load time and no coalescing") {
  // Constant load d from miss to fill, arrivals at rate l; every reader that misses stores again.
  // l=10, T=1, d=0.2.
  const double l = 10, T = 1, d = 0.2;
  const double last = d - (1 - std::exp(-l * d)) / l;
  const double cycle = d + T + last + 1 / l;
  const auto scenario = load(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "200ms", "connections": 10000},
    "keys": {"count": 20, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "1s"}}},
    "traffic": {"duration": "500s", "warmup": "20s",
                "flows": [{"name": "web", "rate": "200/s", "reads": 1}]}})");
  check_within(sample(scenario, 10, "hit_ratio"), (T + last) / cycle, 0.02);
  check_within(sample(scenario, 10, "loads"), 20 * 480 * (1 + l * d) / cycle, 0.02);
}

TEST_CASE("TTL staleness without invalidation: 1 - (1 - e^-wT) / wT of the hits", "[slow]") {
  const auto scenario = load(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns", "write": "1ns"},
    "keys": {"count": 200, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "2s"}, "write": "none"}},
    "traffic": {"duration": "500s", "warmup": "20s",
                "flows": [{"name": "reads", "rate": "4000/s", "reads": 1},
                          {"name": "writes", "rate": "100/s", "reads": 0}]}})");
  const double wT = 1;
  check_within(sample(scenario, 10, "stale_reads", "hits"), 1 - (1 - std::exp(-wT)) / wT, 0.02);
  const double h = 40.0 / 41;  // l = 20/s, T = 2 s
  const double mean_age = h * (2.0 / 2 - 1 / 0.5 + (1 - std::exp(-wT)) / (0.25 * 2));
  check_within(sample(scenario, 10, "staleness_us_mean"), mean_age * 1e6, 0.03);
}

TEST_CASE("waiting for a database connection: Erlang C", "[slow]") {
  // M/M/10 at 80 % load: every read misses, because nothing is ever read twice before it expires.
  const auto scenario = load(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": {"exponential": "100ms"}, "connections": 10, "queue_max": 100000},
    "keys": {"count": 1000000, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "1us"}}},
    "traffic": {"duration": "10000s", "warmup": "100s",
                "flows": [{"name": "web", "rate": "80/s", "reads": 1}]}})");
  double b = 1;
  const double a = 8;
  for (int i = 1; i <= 10; ++i) b = a * b / (i + a * b);
  const double c = 10 * b / (10 - a * (1 - b));
  check_within(sample(scenario, 10, "db_wait_us_mean"), c / (100 - 80) * 1e6, 0.12);
}

}  // namespace
}  // namespace cacherace::harness

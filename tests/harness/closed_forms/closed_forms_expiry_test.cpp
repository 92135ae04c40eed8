// Closed forms of entries that expire: hit ratio, loads, staleness.
// Arrivals are Poisson: l reads a second of a key, w writes; T is the TTL and d the load time.

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/harness/closed_forms/closed_form.hpp"

namespace cacherace::harness {
namespace {

TEST_CASE("TTL hit ratio with instant loads: lT / (1 + lT)") {
  // Latencies of a nanosecond are as good as none.
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns"},
    "keys": {"count": 100, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "2s"}}},
    "traffic": {"duration": "1000s", "warmup": "20s",
                "flows": [{"name": "web", "rate": "100/s", "reads": 1}]}})",
                        10);
  check_within(runs.of(Metric::hit_ratio), 2.0 / 3.0);
}

TEST_CASE("TTL hit ratio and loads with a load time and no coalescing") {
  // Constant load d from miss to fill; every reader that misses stores again.
  const double l = 10, T = 1, d = 0.2;
  const double last = d - (1 - std::exp(-l * d)) / l;
  const double cycle = d + T + last + 1 / l;
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "200ms", "connections": 10000},
    "keys": {"count": 20, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "1s"}}},
    "traffic": {"duration": "500s", "warmup": "20s",
                "flows": [{"name": "web", "rate": "200/s", "reads": 1}]}})",
                        10);
  check_within(runs.of(Metric::hit_ratio), (T + last) / cycle);
  check_within(runs.of(Metric::loads), 20 * 480 * (1 + l * d) / cycle);
}

TEST_CASE("TTL hit ratio and loads with a single flight: lT / (1 + l(T + d))") {
  // Who waits for the flight is a miss.
  const double l = 10, T = 1, d = 0.2;
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "200ms"},
    "keys": {"count": 20, "popularity": "uniform"},
    "strategies": {"ttl": {"load": "single-flight", "expiry": {"ttl": "1s"}}},
    "traffic": {"duration": "500s", "warmup": "20s",
                "flows": [{"name": "web", "rate": "200/s", "reads": 1}]}})",
                        10);
  check_within(runs.of(Metric::hit_ratio), l * T / (1 + l * (T + d)));
  check_within(runs.of(Metric::loads), 20 * 480 / (T + d + 1 / l));
}

TEST_CASE("TTL staleness without invalidation: 1 - (1 - e^-wT) / wT of the hits", "[slow]") {
  const double l = 2, w = 0.5, T = 2;
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns", "write": "1ns"},
    "keys": {"count": 200, "popularity": "uniform"},
    "strategies": {"ttl": {"expiry": {"ttl": "2s"}, "write": "none"}},
    "traffic": {"duration": "520s", "warmup": "20s",
                "flows": [{"name": "reads", "rate": "400/s", "reads": 1},
                          {"name": "writes", "rate": "100/s", "reads": 0}]}})",
                        20);
  const double overwritten = 1 - std::exp(-w * T);
  check_within(runs.ratio(Metric::stale_reads, Metric::hits), 1 - overwritten / (w * T));
  const double hit_ratio = l * T / (1 + l * T);
  const double mean_age = hit_ratio * (T / 2 - 1 / w + overwritten / (w * w * T));
  check_within(runs.of(Metric::staleness_us_mean), mean_age * 1e6);
}

}  // namespace
}  // namespace cacherace::harness

// Closed forms of races between a read and a write: fills that come too late, windows of a delete.
// Arrivals are Poisson: l reads a second of a key, w writes. G is the time from a load's snapshot
// to its fill, of mean g; D is the time from a commit to its delete.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "tests/harness/closed_forms/closed_form.hpp"

namespace cacherace::harness {
namespace {

TEST_CASE("stale fills under uniform latencies: 1 - E[e^(-w (G - D)+)] of the misses", "[slow]") {
  // G is 5..30 ms and half of 0.2..1 ms; D is half of 0.2..1 ms, always less. Commits whose delete
  // comes before the fill are Poisson too, w (G - E[D]) of them on average for a given G.
  const double w = 20;
  const auto laplace = [&](double from, double to) {  // E[e^(-wX)] of a uniform X
    return (std::exp(-w * from) - std::exp(-w * to)) / (w * (to - from));
  };
  const double chance = 1 - laplace(0.005, 0.030) * laplace(0.0001, 0.0005) * std::exp(w * 0.0003);
  const Replicates runs(R"({
    "cache": {"latency": "200us..1ms"},
    "database": {"read": "5ms..30ms", "write": "5ms..20ms", "connections": 10000},
    "keys": {"count": 200, "popularity": "uniform"},
    "traffic": {"duration": "11s", "warmup": "1s", "flows": [
      {"name": "reads", "rate": "4000/s", "reads": 1},
      {"name": "writes", "rate": "4000/s", "reads": 0}]}})",
                        20);
  check_within(runs.ratio(Metric::stale_fills, Metric::misses), chance);
}

TEST_CASE("stale fills under an exponential load time: wg / (1 + wg) of the misses", "[slow]") {
  // With a constant cache latency, G - D is the load time itself. A load races with chance
  // 1 - E[e^(-w (G - D)+)], which is about w E[(G - D)+] where that is small.
  const double w = 5, g = 0.1;
  const Replicates runs(R"({
    "cache": {"latency": "1ms"},
    "database": {"read": {"exponential": "100ms"}, "write": "5ms", "connections": 10000},
    "keys": {"count": 100, "popularity": "uniform"},
    "traffic": {"duration": "110s", "warmup": "10s", "flows": [
      {"name": "reads", "rate": "500/s", "reads": 1},
      {"name": "writes", "rate": "500/s", "reads": 0}]}})",
                        20);
  check_within(runs.ratio(Metric::stale_fills, Metric::misses), w * g / (1 + w * g));
}

// The chance of a race, 1 - E[e^(-w (G - D)+)] with the mean over D inside the exponent, where G is
// a load of mean g and half a cache latency, D half a cache latency of mean d, all exponential.
double exponential_race(double w, double g, double d) {
  const double step = g / 1000;
  double chance = 0;
  for (double t = step / 2; t < 40 * g; t += step) {
    const double density = (std::exp(-t / g) - std::exp(-t / d)) / (g - d);
    const double told = w * (t - d * (1 - std::exp(-t / d)));  // E[(t - D)+] commits on average
    chance += density * (1 - std::exp(-told)) * step;
  }
  return chance;
}

TEST_CASE("stale fills where loads, fills and deletes take an exponential time", "[slow]") {
  // Where writes are few, that is w E[(G - D)+].
  const double w = 2.5, g = 0.1, d = 0.05;
  const double mean_gap = g + d * d / (2 * (g + d));
  CHECK(std::abs(exponential_race(1e-4, g, d) / (1e-4 * mean_gap) - 1) < 1e-4);
  const Replicates runs(R"({
    "cache": {"latency": {"exponential": "100ms"}},
    "database": {"read": {"exponential": "100ms"}, "write": "1ns", "connections": 10000},
    "keys": {"count": 400, "popularity": "uniform"},
    "strategies": {"one load": {"load": "single-flight"}},
    "traffic": {"duration": "100s", "warmup": "10s",
                "flows": [{"name": "reads", "rate": "1000/s", "reads": 1},
                          {"name": "writes", "rate": "1000/s", "reads": 0}]}})",
                        20);
  check_within(runs.ratio(Metric::stale_fills, Metric::loads), exponential_race(w, g, d));
}

TEST_CASE("time that a hot key is stale: wg / (1 + wg), with a TTL or without", "[slow]") {
  // Deletes take no time (D = 0), one load at a time. A load meets a commit with probability
  // P = wg / (1 + wg). Then who joins it after the commit reads an old version, for g P on average,
  // and so does who hits its fill, for as long as a fresh fill lasts: P of all time in which there
  // is an entry or a load. What remains is the one read that finds neither.
  const double l = 3, w = 1, g = 0.5;
  const std::string expiry = GENERATE(R"("none")", R"({"ttl": "500ms"})");
  const double life = expiry == R"("none")" ? 1 / w : (1 - std::exp(-w * 0.5)) / w;
  CAPTURE(expiry);
  const Replicates runs(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": {"exponential": "500ms"}, "write": "1ns", "connections": 10000},
    "keys": {"count": 100, "popularity": "uniform"},
    "strategies": {"one load": {"load": "single-flight", "expiry": )" +
                            expiry + R"(}},
    "traffic": {"duration": "620s", "warmup": "20s",
                "flows": [{"name": "reads", "rate": "300/s", "reads": 1},
                          {"name": "writes", "rate": "100/s", "reads": 0}]}})",
                        20);
  const double others = l * (g + life);
  check_within(runs.of(Metric::stale_read_ratio), w * g / (1 + w * g) * others / (1 + others));
}

TEST_CASE("delete before write: a commit W after its delete leaves 1 - e^(-lW) of the keys stale",
          "[slow]") {
  // A read in the last write's window puts the old version back, and nothing removes it.
  const double l = 1, W = 0.5;
  const double written = 1 - std::exp(-6.0);
  const Replicates runs(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": "1ns", "write": "500ms", "connections": 100000},
    "keys": {"count": 4000, "popularity": "uniform"},
    "strategies": {"delete first": {"write": "delete-before"}},
    "traffic": {"duration": "6500ms",
                "flows": [{"name": "reads", "rate": "4000/s", "reads": 1},
                          {"name": "writes", "rate": "4000/s", "reads": 0, "to": "6s"}]}})",
                        60);
  check_within(runs.of(Metric::stale_residue), 4000 * written * (1 - std::exp(-l * W)));
}

TEST_CASE("double delete: wg e^(-delay/g) / (1 + wg) of the loads outlast the second delete",
          "[slow]") {
  // Only the second delete tells the cache of the version, and with one load of a key at a time no
  // set does so before it: stale fills are those that come after it.
  const double w = 2.5, g = 0.1, delay = 0.1;
  const Replicates runs(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": {"exponential": "100ms"}, "write": "1ns", "connections": 10000},
    "keys": {"count": 400, "popularity": "uniform"},
    "strategies": {"twice": {"load": "single-flight",
                             "write": {"double-delete": {"first": "before", "delay": "100ms"}}}},
    "traffic": {"duration": "150s", "warmup": "10s",
                "flows": [{"name": "reads", "rate": "1000/s", "reads": 1},
                          {"name": "writes", "rate": "1000/s", "reads": 0}]}})",
                        20);
  const double form = w * g / (1 + w * g) * std::exp(-delay / g);
  check_within(runs.ratio(Metric::stale_fills, Metric::loads), form);
}

// The chance of a race, 1 - E[e^(-w (G - D)+)], for a log-normal G of that median and 99 % point.
double lognormal_race(double w, double median, double p99, double delay) {
  const double sigma = std::log(p99 / median) / 2.326348;
  const double step = 1e-3, pi = std::acos(-1);
  double chance = 0;
  for (double z = -9; z < 9; z += step) {
    const double gap = std::max(median * std::exp(sigma * z) - delay, 0.0);
    chance += (1 - std::exp(-w * gap)) * std::exp(-z * z / 2) / std::sqrt(2 * pi) * step;
  }
  return chance;
}

TEST_CASE("double delete under a log-normal load time: the loads that outlast the second delete",
          "[slow]") {
  const Replicates runs(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": {"lognormal": {"median": "100ms", "p99": "500ms"}}, "write": "1ns",
                 "connections": 10000},
    "keys": {"count": 400, "popularity": "uniform"},
    "strategies": {"twice": {"load": "single-flight",
                             "write": {"double-delete": {"first": "before", "delay": "100ms"}}}},
    "traffic": {"duration": "140s", "warmup": "10s",
                "flows": [{"name": "reads", "rate": "1000/s", "reads": 1},
                          {"name": "writes", "rate": "1000/s", "reads": 0}]}})",
                        20);
  check_within(runs.ratio(Metric::stale_fills, Metric::loads), lognormal_race(2.5, 0.1, 0.5, 0.1));
}

}  // namespace
}  // namespace cacherace::harness

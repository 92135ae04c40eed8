// Closed forms of what misses cost the database: stampedes, leases, waits for a connection.

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "tests/harness/closed_forms/closed_form.hpp"

namespace cacherace::harness {
namespace {

// ---- stampedes ---------------------------------------------------------------------------------

// Each of 1000 cold keys is read 50 times a second; entries never expire, so that there is one
// episode of a key. Hardly a key is first read after 0.4 s.
std::string cold_keys(const std::string& load_time, const std::string& duration) {
  return R"({
    "cache": {"latency": "2ns"}, "database": {"read": )" +
         load_time + R"(, "connections": 100000},
    "keys": {"count": 1000, "popularity": "uniform"},
    "traffic": {"duration": ")" +
         duration + R"(", "flows": [{"name": "web", "rate": "50000/s", "reads": 1}]}})";
}

TEST_CASE("size of a stampede with a constant load time d: 1 + ld", "[slow]") {
  const Replicates runs(cold_keys(R"("1s")", "1400ms"), 10);
  check_within(runs.of(Metric::loads_per_miss_episode_mean), 1 + 50);
}

TEST_CASE("size of a stampede with exponential load times", "[slow]") {
  // The first load that is done ends it. With j loads under way a reader comes before one of them
  // is done with probability a / (a + j), a = l * mean: the sum over k of the chance of k readers.
  const double a = 50;
  double form = 0, so_many = 1;
  for (int k = 1; so_many > 1e-15; ++k) {
    form += so_many;
    so_many *= a / (a + k);
  }
  CHECK(std::abs(form - 9.21) < 0.005);
  const Replicates runs(cold_keys(R"({"exponential": "1s"})", "1s"), 70);
  check_within(runs.of(Metric::loads_per_miss_episode_mean), form);
}

// ---- leases ------------------------------------------------------------------------------------

TEST_CASE("leases: no more than one load of a key in ten seconds, whatever is read and written") {
  // Where a reader without a token never loads: one that gives up waiting and loads all the same
  // is not bound.
  const std::string reads = GENERATE("1/s", "20/s", "1000/s");
  const std::string writes = GENERATE("1/min", "5/s", "500/s");
  const std::string refused =
      GENERATE(R"({"refused": "give-up"})", R"({"refused": "give-up", "stale": "20s"})");
  CAPTURE(reads, writes, refused);
  const Replicates runs(R"({
    "cache": {"latency": "100us"}, "database": {"read": "5ms", "write": "5ms"},
    "keys": {"count": 10, "popularity": "uniform"},
    "strategies": {"leases": {"load": {"lease": )" +
                            refused + R"(}}},
    "traffic": {"duration": "100s",
                "flows": [{"name": "reads", "rate": ")" +
                            reads + R"(", "reads": 1},
                          {"name": "writes", "rate": ")" +
                            writes + R"(", "reads": 0}]}})",
                        2);
  for (const double loads : runs.of(Metric::loads)) {
    CHECK(loads > 0);
    CHECK(loads <= 10 * 10);
  }
}

TEST_CASE("leases: a key that is always deleted soon is loaded every 10 s + 1/l", "[slow]") {
  // The next token goes to the first reader after the last one's time.
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns", "write": "1ns"},
    "keys": {"count": 50, "popularity": "uniform"},
    "strategies": {"leases": {"load": {"lease": {"refused": "give-up"}}}},
    "traffic": {"duration": "1300s", "warmup": "300s",
                "flows": [{"name": "reads", "rate": "10/s", "reads": 1},
                          {"name": "writes", "rate": "100/s", "reads": 0}]}})",
                        10);
  check_within(runs.of(Metric::loads), 50 * 1000 / (10 + 1 / 0.2));
}

// ---- connections -------------------------------------------------------------------------------

// The control is the number of queries: where more come than on average, they wait longer.

// Probability of a wait with c connections and a load of a.
double erlang_c(int c, double a) {
  double b = 1;
  for (int i = 1; i <= c; ++i) b = a * b / (i + a * b);
  return c * b / (c - a * (1 - b));
}

TEST_CASE("waiting for a database connection: Erlang C, half loaded", "[slow]") {
  const Replicates runs(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": {"exponential": "100ms"}, "connections": 3, "queue_max": 100000},
    "strategies": {"database alone": {"read": "direct"}},
    "traffic": {"duration": "7600s", "warmup": "100s",
                "flows": [{"name": "web", "rate": "15/s", "reads": 1}]}})",
                        60);
  check_within(controlled(runs.of(Metric::db_wait_us_mean), runs.of(Metric::db_reads), 15 * 7'500),
               erlang_c(3, 1.5) / (30 - 15) * 1e6);
}

TEST_CASE("waiting for a database connection: Erlang C, loaded to 80 %", "[slow]") {
  CHECK(std::abs(erlang_c(10, 8) - 0.4092) < 5e-5);
  const Replicates runs(R"({
    "cache": {"latency": "2ns"},
    "database": {"read": {"exponential": "100ms"}, "connections": 10, "queue_max": 100000},
    "strategies": {"database alone": {"read": "direct"}},
    "traffic": {"duration": "7600s", "warmup": "100s",
                "flows": [{"name": "web", "rate": "80/s", "reads": 1}]}})",
                        60);
  check_within(controlled(runs.of(Metric::db_wait_us_mean), runs.of(Metric::db_reads), 80 * 7'500),
               erlang_c(10, 8) / (100 - 80) * 1e6);
}

}  // namespace
}  // namespace cacherace::harness

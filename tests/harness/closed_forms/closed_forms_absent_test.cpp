// Closed forms of reads of rows that do not exist.

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/harness/closed_forms/closed_form.hpp"

namespace cacherace::harness {
namespace {

TEST_CASE("negative entries of TTL T: l / (1 + lT) loads a second of a row that does not exist") {
  const double l = 1, T = 2;
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns"},
    "keys": {"count": 100, "popularity": "uniform", "absent": 1},
    "strategies": {"negative": {"expiry": {"negative": "2s"}}},
    "traffic": {"duration": "1000s", "warmup": "20s",
                "flows": [{"name": "web", "rate": "100/s", "reads": 1, "keys": "absent"}]}})",
                        10);
  check_within(runs.of(Metric::absent_lookups_reaching_db), 100 * 980 * l / (1 + l * T));
}

TEST_CASE("false positives of a Bloom filter: (1 - e^(-kn/m))^k", "[slow]") {
  const double n = 4e5, m = 4e6, k = 7;
  const double form = std::pow(1 - std::exp(-k * n / m), k);
  CHECK(std::abs(form - 0.00819) < 5e-6);
  // The form is the mean over all filters, and all runs have the same one. What a filter lets
  // through has a standard deviation of 0.2 %; it would be 1.2 % with 10,000 keys.
  const Replicates runs(R"({
    "cache": {"latency": "2ns"}, "database": {"read": "1ns"},
    "keys": {"count": 400000, "popularity": "uniform"},
    "strategies": {"filter": {"guards": [{"bloom-filter": {"bits": 4000000, "hashes": 7}}]}},
    "traffic": {"duration": "800s",
                "flows": [{"name": "attack", "rate": "400/s", "reads": 1, "keys": "random"}]}})",
                        40);
  check_within(runs.ratio(Metric::absent_lookups_reaching_db, Metric::reads), form);
}

}  // namespace
}  // namespace cacherace::harness

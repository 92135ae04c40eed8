// What the documents define, on the smallest traffic that shows it.

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/traffic/replicate.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/report/words.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

double mean(const report::Result& result, Metric metric, std::size_t strategy = 0) {
  const auto* found = report::metric_of(result.results[strategy], metric);
  REQUIRE(found != nullptr);
  REQUIRE(found->mean.has_value());
  return *found->mean;
}

// Client `a` misses and loads for 250 ms; client `b` reads three seconds later.
report::Result leases(const std::string& options) {
  return run(
      load(R"({"cache": {"latency": "1ms"}, "database": {"read": "250ms"}, "keys": {"count": 1},
    "traffic": {"duration": "10s", "flows": [
      {"name": "a", "rate": "1/s", "arrivals": "constant", "to": "1500ms"},
      {"name": "b", "rate": "1/s", "arrivals": "constant", "from": "4s", "to": "5500ms"}]},
    "strategies": {"s": {"load": {"lease": )" +
           options + "}}}}"),
      {.replicates = 1});
}

TEST_CASE("a token outlives the rate, unless its own time is over") {
  CHECK(mean(leases(R"({"rate": "100ms"})"), Metric::hits) == 1);
  CHECK(mean(leases(R"({"rate": "0s"})"), Metric::hits) == 1);
  CHECK(mean(leases(R"({"rate": "100ms", "token_ttl": "252ms"})"), Metric::hits) == 1);
  CHECK(mean(leases(R"({"rate": "100ms", "token_ttl": "250ms"})"), Metric::hits) == 0);
}

TEST_CASE("a database that is shared by ever more queries answers none of a stampede in time") {
  const auto result = run(load(R"({"cache": {"latency": "100us"},
        "database": {"read": "100ms", "connections": 1, "overload": "slow"},
        "clients": {"timeout": "500ms"}, "keys": {"count": 1},
        "traffic": {"duration": "5s", "flows": [
          {"name": "web", "rate": "1000/s", "arrivals": "constant", "reads": 1}]}})"),
                          {.replicates = 1});
  CHECK(mean(result, Metric::hits) == 0);
  CHECK(mean(result, Metric::errors) == mean(result, Metric::reads));
  CHECK(mean(result, Metric::db_in_flight_max) > 4'900);
}

TEST_CASE("as many keys are absent as their share is, others under another seed") {
  const std::string text = R"({"keys": {"count": 30, "absent": "30%"}, "strategies": {
      "s": {"expiry": {"negative": "1h"}}}, "cache": {"latency": "1us"},
    "database": {"read": "1us"},
    "traffic": {"duration": "100s", "flows": [{"name": "w", "rate": "100/s", "reads": 1}]},
    "seed": )";
  const auto first = run(load(text + "1}"), {.replicates = 1});
  const auto second = run(load(text + "2}"), {.replicates = 1});
  CHECK(mean(first, Metric::absent_lookups_reaching_db) == 9);
  CHECK(mean(second, Metric::absent_lookups_reaching_db) == 9);
}

TEST_CASE("an entry that was over before its key got another name is renamed all the same") {
  const auto result =
      run(load(R"({"cache": {"latency": "1ms", "active_expiry": false}, "keys": {"count": 1},
        "database": {"read": "1ms"},
        "strategies": {"s": {"write": "none", "expiry": {"ttl": "1s"}}},
        "traffic": {"duration": "6s", "incidents": [{"at": "3s", "do": "change-key-format"}],
          "flows": [{"name": "a", "rate": "1/s", "arrivals": "constant", "to": "1500ms"},
                    {"name": "b", "rate": "1/s", "arrivals": "constant", "from": "4s",
                     "to": "5500ms"}]}})"),
          {.replicates = 1});
  CHECK(mean(result, Metric::misses_renamed) == 1);
  CHECK(mean(result, Metric::misses_expired) == 0);
  CHECK(mean(result, Metric::expired_keys) == 0);
}

TEST_CASE("a percentile that is a failure is endless, and an interval begins at 0") {
  const auto failing = run(load(R"({"database": {"connections": 1, "queue_max": 0},
      "strategies": {"direct": {"read": "direct"}},
      "traffic": {"duration": "5s", "flows": [{"name": "w", "rate": "200/s", "reads": 1}]}})"),
                           {.replicates = 2});
  const auto* p99 = report::metric_of(failing.results[0], Metric::read_us_p99);
  REQUIRE(p99 != nullptr);
  CHECK(p99->endless);
  CHECK_FALSE(p99->mean);
  CHECK(report::metric_cell(failing.results[0], Metric::read_us_p99) == "∞");
  CHECK_FALSE(report::is_zero_everywhere(failing, Metric::read_us_p99));
  for (const auto& metric : failing.results[0].metrics)
    if (metric.ci95) CHECK(metric.ci95->low >= 0);
}

}  // namespace
}  // namespace cacherace::harness

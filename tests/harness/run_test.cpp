#include "sim/harness/traffic/run.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/trace/broken_run.hpp"
#include "sim/harness/traffic/replicate.hpp"
#include "sim/harness/traffic/traffic_words.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/words.hpp"

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

TEST_CASE("the number of jobs does not change a byte", "[threads]") {
  const auto alone = report::to_json(run(small(), {.replicates = 4, .jobs = 1}));
  CHECK(alone == report::to_json(run(small(), {.replicates = 4, .jobs = 2})));
  CHECK(alone == report::to_json(run(small(), {.replicates = 4, .jobs = 7})));
}

TEST_CASE("nor does it with series and differences, which move no metric", "[threads]") {
  const RunOptions options{.replicates = 3, .baseline = "b", .series = std::chrono::seconds(1)};
  const auto with_jobs = [&](unsigned jobs) {
    auto some = options;
    some.jobs = jobs;
    return run(small(), some);
  };
  const auto result = with_jobs(1);
  CHECK(report::to_json(result) == report::to_json(with_jobs(4)));
  const auto plain = run(small(), {.replicates = 3});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(result.results[i].digest == plain.results[i].digest);
    for (std::size_t m = 0; m < plain.results[i].metrics.size(); ++m)
      CHECK(result.results[i].metrics[m].mean == plain.results[i].metrics[m].mean);
    CHECK(result.results[i].differences.empty() == (i == 1));
    CHECK(result.results[i].distributions.size() == 3);
  }
}

double most_of(const report::StrategyResult& result, const std::string& name) {
  for (const auto& curve : result.series->curves)
    if (curve.name == name) return std::max_element(curve.max.begin(), curve.max.end())->value();
  FAIL("no curve " << name);
  return 0;
}

double mean_of(const std::vector<report::MetricResult>& metrics, Metric metric) {
  for (const auto& found : metrics)
    if (found.metric == metric) return found.mean.value();
  FAIL("no metric " << name(metric));
  return 0;
}

TEST_CASE("the peak is taken over the scenario's peak_window") {
  const auto peak = [](const std::string& window) {
    const auto scenario = load_scenario(R"({
      "strategies": {"all go to the database": {"read": "direct"}},
      "traffic": {"duration": "5s", )" + window +
                                            R"(
                  "flows": [{"name": "web", "rate": "10/s", "arrivals": "constant"}]}})",
                                        "even.json");
    REQUIRE(scenario.has_value());
    return mean_of(run(*scenario, {.replicates = 1}).results[0].metrics, Metric::db_qps_peak);
  };
  CHECK(peak("") == 10);
  CHECK(peak(R"("peak_window": "2s",)") == 10);
  CHECK(peak(R"("peak_window": "50ms",)") == 20);  // one query
}

TEST_CASE("the highest values of a series are the metrics") {
  auto scenario = small();
  scenario.database.connections = 2;
  const auto result = run(scenario, {.replicates = 1, .series = std::chrono::milliseconds(700)});
  for (const auto& strategy : result.results) {
    CAPTURE(strategy.strategy);
    CHECK(strategy.series->curves[0].max.size() == 8);
    for (const auto& [curve, metric] : {std::pair{"db_qps", Metric::db_qps_peak},
                                        std::pair{"db_in_flight", Metric::db_in_flight_max},
                                        std::pair{"db_queue", Metric::db_queue_max},
                                        std::pair{"staleness_us", Metric::staleness_us_max}})
      CHECK(most_of(strategy, curve) == mean_of(strategy.metrics, metric));
    CHECK(most_of(strategy, "cache_memory_bytes") > 0);
    CHECK(most_of(strategy, "cache_memory_bytes") <=
          mean_of(strategy.metrics, Metric::cache_memory_bytes_max));
    CHECK(mean_of(strategy.metrics, Metric::db_queue_max) > 0);
  }
}

TEST_CASE("differences are those of the means, under the same seeds") {
  const auto result = run(small(), {.replicates = 4, .baseline = "a"});
  const auto& a = result.results[0];
  const auto& b = result.results[1];
  const double wanted = mean_of(b.metrics, Metric::misses) - mean_of(a.metrics, Metric::misses);
  CHECK(wanted > 0);
  CHECK(std::abs(mean_of(b.differences, Metric::misses) - wanted) < 1e-9);
  CHECK(mean_of(b.differences, Metric::reads) == 0);
}

TEST_CASE("the resolution for so many buckets makes no more than them") {
  auto scenario = small();
  for (const std::int64_t duration : {5'000'000'001L, 5'000'000'000L, 999L, 1L}) {
    scenario.traffic.duration = Duration(duration);
    for (const std::size_t buckets : {1U, 3U, 300U, 10'000U}) {
      const auto width = resolution_for(scenario, buckets);
      CHECK(width >= std::chrono::microseconds(1));
      CHECK(static_cast<std::size_t>((duration + width.count() - 1) / width.count()) <= buckets);
    }
  }
}

TEST_CASE("a replicate is the run of its own seed") {
  auto scenario = small();
  scenario.strategies.resize(1);
  const auto third =
      simulate(scenario, scenario.strategies[0], engine::KeySampler(scenario.keys), {.seed = 3});
  scenario.seed = 3;
  const auto alone = run(scenario, {.replicates = 1});
  REQUIRE(alone.results[0].metrics.size() == metric_count);
  for (const auto& found : alone.results[0].metrics) {
    const auto value = third->metrics[found.metric];
    CHECK(found.mean == (value ? std::optional(report::rounded(*value)) : value));
  }
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

bool notes_of(const report::Result& result, const std::string& words) {
  return std::any_of(result.notes.begin(), result.notes.end(), [&](const std::string& note) {
    return note.find(words) != std::string::npos;
  });
}

TEST_CASE("a limit within the interval is open; one beside it is not") {
  auto scenario = small();
  const auto result = run(scenario, {.replicates = 3});
  const auto& found = result.results[0];
  const auto wide = std::find_if(found.metrics.begin(), found.metrics.end(),
                                 [](const auto& metric) { return metric.metric == Metric::hits; });
  if (wide == found.metrics.end()) FAIL("no metric hits");
  const auto expect = [&](double limit) {
    using Comparison = scenario::Limit::Comparison;
    scenario.expectations = {{.strategy = "a",
                              .of = Metric::hits,
                              .wanted = scenario::Limit{Comparison::at_most, limit}}};
    return notes_of(run(scenario, {.replicates = 3}), "a: hits <=");
  };
  CHECK(expect((*wide->mean + wide->ci95->high) / 2));
  CHECK(expect((*wide->mean + wide->ci95->low) / 2));
  CHECK_FALSE(expect(wide->ci95->high));
  CHECK_FALSE(expect(wide->ci95->low - 1));
}

TEST_CASE("the alarm says when too few reads hit, whatever the ratio of the whole run is") {
  // A flush in the fifth minute of ten: in the minute after it every key has to be loaded again.
  const auto scenario = load_scenario(R"({
    "keys": {"count": 2000, "popularity": "uniform"},
    "traffic": {"duration": "10min", "warmup": "1min", "prefill": "all",
                "flows": [{"name": "web", "rate": "100/s", "reads": 1}],
                "incidents": [{"at": "5min", "do": "flush"}]},
    "expect": {"*": {"hit_ratio": ">= 0.9"}}})",
                                      "flush.json");
  const auto result = run(*scenario, {.replicates = 1});
  CHECK(report::all_met(result));
  // Windows of 54 s end every 5.4 s. The first of which a tenth of the reads, 540, have missed ends
  // at 57 of these: of the 780 reads since the flush about 640 were the first of their key.
  CHECK(notes_of(
      result, "cache-aside: hit_ratio first missed >= 90 % over the 54 s up to 307.8 s (seed 1)"));
  const auto again = run(*scenario, {.replicates = 1, .series = std::chrono::seconds(60)});
  CHECK(again.notes == result.notes);
  CHECK(again.results[0].digest == result.results[0].digest);
}

TEST_CASE("incidents are told by time, those of one moment as in the file") {
  const auto scenario = load_scenario(R"({"traffic": {"duration": "10s", "incidents": [
    {"at": "5s", "do": "flush"}, {"at": "2s", "do": {"bypass": "30%"}},
    {"at": "5s", "do": {"set-ttl": "1s"}}, {"at": "2s", "do": {"keys": "user:*"}}]}})",
                                      "incidents.json");
  std::vector<std::string> told;
  for (const auto& [at, says] : describe_traffic(*scenario, 1).incidents)
    told.push_back(std::to_string(at / std::chrono::seconds(1)) + " s: " + says);
  CHECK(told == std::vector<std::string>{"2 s: 30 % of the reads bypass the cache",
                                         "2 s: KEYS user:*", "5 s: flush", "5 s: TTL set to 1 s"});
}

TEST_CASE("traffic that nobody described is named") {
  const auto scenario = load_scenario(R"({"race": {}, "keys": {"count": 5}})", "race.json");
  CHECK(notes_of(run(*scenario, {.replicates = 1}), "describes no traffic"));
  CHECK_FALSE(notes_of(run(small(), {.replicates = 1}), "describes no traffic"));
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
  options.go_on = [&](const RunProgress& now) {
    CHECK(now.done >= 0);
    CHECK(now.done <= 1);
    return ++asked < 2;
  };
  auto scenario = small();
  scenario.traffic.duration = std::chrono::seconds(60);
  const auto result = run(scenario, options);
  CHECK_FALSE(result.complete);
  CHECK(result.results.size() < 3);
}

// ---- what takes years ---------------------------------------------------------------------------

const std::string second_of_traffic = R"("traffic": {"duration": "1s"}})";

std::string out_of_time(const std::string& text) {
  const auto scenario = load_scenario(text, "years.json");
  REQUIRE(scenario.has_value());
  try {
    run(*scenario, {.replicates = 1, .series = std::chrono::milliseconds(100)});
  } catch (const BrokenRun& broken) {
    CHECK_FALSE(broken.problem.fix.empty());
    CHECK(broken.problem.fact.find("200 years") != std::string::npos);
    return broken.problem.pointer;
  }
  return "in time";
}

TEST_CASE("a run that lasts centuries ends with the settings that make it") {
  CHECK(out_of_time(R"({"database": {"read": "8760h", "connections": 1, "overload": "slow"},)" +
                    second_of_traffic) == "/database");
  CHECK(out_of_time(R"({"cache": {"command": "8760h", "latency": "8760h"},)" + second_of_traffic) ==
        "/cache");
  CHECK(out_of_time(R"({"cache": {"per_key": "1000h"}, "traffic": {"duration": "1s",
          "prefill": "all", "incidents": [{"at": "500ms", "do": "flush"}]}})") == "/cache");
}

TEST_CASE("a run of a few decades is right") {
  const auto scenario = load_scenario(R"({"cache": {"latency": "8760h"},
      "database": {"read": "8760h", "write": "8760h"}, "keys": {"count": 1},
      "strategies": {"all read": {"read": "direct"}, "behind": {}},
      "traffic": {"duration": "1h", "flows": [{"name": "web", "rate": "1/min"}]}})",
                                      "decades.json");
  REQUIRE(scenario.has_value());
  const auto result = run(*scenario, {.replicates = 1});
  constexpr double year_in_us = 365 * 24 * 3600 * 1e6;
  CHECK(mean_of(result.results[0].metrics, Metric::read_us_p50) == year_in_us);  // the query alone
  // Get, query and set; all of the reads miss.
  CHECK(mean_of(result.results[1].metrics, Metric::read_us_p50) == 3 * year_in_us);
  CHECK(mean_of(result.results[1].metrics, Metric::hits) == 0);
}

TEST_CASE("a year in which nothing arrives takes no time to simulate") {
  for (const std::string phases : {"", R"(, "phases": "fixed")"}) {
    const auto scenario = load_scenario(
        R"({"traffic": {"duration": "8760h", "flows": [{"name": "web", "rate": "0.000000001/s",
         "arrivals": {"bursty": {"on": "1ms", "off": "1ms")" +
            phases + "}}}]}}",
        "nothing.json");
    REQUIRE(scenario.has_value());
    int asked = 0;
    const auto result = run(*scenario, {.replicates = 1, .go_on = [&](const RunProgress&) {
                                          ++asked;
                                          return true;
                                        }});
    CHECK(asked == 0);
    CHECK(mean_of(result.results[0].metrics, Metric::reads) == 0);
  }
}

// ---- interruptions ------------------------------------------------------------------------------

TEST_CASE(
    "a run can be ended while it draws popularity, fills the cache, or looks for an arrival") {
  const std::string many = R"("keys": {"count": 1000000)";
  for (const std::string& text :
       {"{" + many + R"(}})", "{" + many + R"(, "popularity": "uniform"},
         "traffic": {"prefill": "all"}})",
        std::string(R"({"traffic": {"duration": "8760h", "flows": [{"name": "web",
         "rate": "0.000000001/s", "arrivals": {"bursty": {"on": "1ms", "off": "1ms",
         "phases": "exponential"}}}]}})"),
        std::string(R"({"traffic": {"duration": "8760h", "flows": [{"name": "web",
         "rate": "10000000/s", "arrivals": {"diurnal": {"period": "8760h"}}}]}})")}) {
    const auto scenario = load_scenario(text, "long.json");
    REQUIRE(scenario.has_value());
    int asked = 0;
    const auto result = run(*scenario, {.replicates = 1, .go_on = [&](const RunProgress& now) {
                                          CHECK(now.operations == 0);
                                          return ++asked < 3;
                                        }});
    CHECK_FALSE(result.complete);
    CHECK(asked == 3);  // a no is final
  }
}

TEST_CASE("commands that look at all keys are work between two questions") {
  const auto scenario = load_scenario(R"({"keys": {"count": 100000, "groups": 10},
      "strategies": {"s": {"write": "delete-by-keys"}}, "traffic": {"prefill": "all",
      "duration": "1s", "flows": [{"name": "web", "rate": "1000/s", "reads": 0}]}})",
                                      "keys.json");
  REQUIRE(scenario.has_value());
  int asked = 0;
  run(*scenario, {.replicates = 1, .go_on = [&](const RunProgress& now) {
                    asked += now.operations > 0;
                    return true;
                  }});
  CHECK(asked > 100);  // of a thousand such commands, each of ten thousand keys
}

}  // namespace
}  // namespace cacherace::harness

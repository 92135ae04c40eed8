// Comparisons: what is recommended follows from the figures, and from the goal.

#include "sim/harness/compare/compare.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "sim/harness/compare/recommend.hpp"
#include "sim/harness/input/expectations.hpp"
#include "sim/harness/input/limits.hpp"
#include "tests/harness/search/searched.hpp"
#include "tests/support/build.hpp"
#include "tests/support/prop.hpp"
#include "tests/support/root.hpp"

namespace cacherace::harness {
namespace {

using report::Result;
using report::StrategyResult;

std::string text_of(const std::string& name) {
  return test::content_of("scenarios/" + name + ".json");
}

// A shipped scenario with this goal instead of its own.
scenario::Scenario shipped(const std::string& name, const std::string& goal) {
  auto json = nlohmann::ordered_json::parse(load(text_of(name)).json);
  json["goal"] = nlohmann::ordered_json::parse(goal);
  return load(json.dump());
}

Result compared(const scenario::Scenario& scenario, unsigned jobs = 2) {
  CompareOptions options;
  options.jobs = jobs;
  options.run.replicates = 3;
  return compare(scenario, options).result;
}

std::string taken(const std::string& name, const std::string& goal) {
  const auto result = compared(shipped(name, goal));
  REQUIRE(result.recommendation);
  return result.recommendation->strategy;
}

double mean(const Result& result, const std::string& strategy, Metric metric) {
  for (const auto& of : result.results)
    for (const auto& found : of.metrics)
      if (of.strategy == strategy && found.metric == metric) return found.mean.value();
  FAIL("there is no metric " << name(metric) << " of a strategy " << strategy);
  return 0;
}

TEST_CASE("the cheapest strategy that meets the goal is taken, and another when the goal changes",
          "[slow]") {
  SECTION("avalanche") {
    const std::string name = "avalanche-after-warm-up";
    CHECK(taken(name, R"({"db_qps_peak": "<= 5000"})") == "jitter 50%");
    CHECK(taken(name, R"({"hit_ratio": ">= 92%"})") == "jitter 10%");
    CHECK(taken(name, R"({"hit_ratio": ">= 92.6%"})") == "fixed ttl");
    CHECK(taken(name, R"({"hit_ratio": ">= 99%"})").empty());
  }
  SECTION("stampede") {
    const std::string name = "stampede-on-a-hot-key";
    CHECK(taken(name, R"({"loads-in-flight": "<= 1"})") == "single-flight");
    CHECK(taken(name, R"({"misses": "== 0"})") == "swr");
  }
  SECTION("stale repopulate") {
    const std::string name = "stale-repopulate";
    CHECK(taken(name, R"({"hit_ratio": ">= 90%"})") == "cache-aside");
    CHECK(taken(name, R"({"heals": "proven"})") == "ttl 60s");
  }
}

TEST_CASE("what a strategy is known to do wrong is no goal, and nothing is recommended by it") {
  auto json = nlohmann::ordered_json::parse(load(text_of("stale-repopulate")).json);
  json.erase("goal");
  json["expect"] = {{"ttl 60s", {{"no-stale-residue", "violated"}, {"db_qps_peak", ">= 1"}}},
                    {"cache-aside", {{"no-stale-residue", "proven"}, {"hit_ratio", ">= 1"}}}};
  const auto result = compared(load(json.dump()));
  CHECK(result.recommendation->strategy == "cache-aside");
  CHECK(result.goal.empty());
  CHECK(result.recommendation->says[0].find("no-stale-residue is violated in the race") !=
        std::string::npos);
  CHECK(result.recommendation->says[1].find("states no goal") != std::string::npos);
}

TEST_CASE("where no strategy meets the goal, the closest one is that which misses least of it") {
  const auto result = compared(shipped("avalanche-after-warm-up", R"({"db_qps_peak": "<= 10"})"));
  CHECK(result.recommendation->strategy.empty());
  CHECK(result.recommendation->says[1].starts_with("\"jitter 50%\" comes closest; it misses: "));
}

TEST_CASE("a strategy that keeps nothing cannot break what has to be proven") {
  const std::string goal = R"({"no-stale-residue": "proven"})";
  const auto result = compared(shipped("not-worth-caching-cheap-query", goal));
  for (const auto& term : result.goal) CHECK(term.met == (term.strategy == "direct"));
  CHECK(result.goal.size() == 2);
  CHECK(result.recommendation->strategy == "direct");
}

TEST_CASE(
    "who never waits keeps a limit on waiting, and who never answers keeps none on staleness") {
  const std::string traffic = R"("traffic": {"duration": "5s", "flows": [
      {"name": "w", "rate": "100/s", "reads": 1}]}, )";
  const auto waiting = compared(
      load(R"({"strategies": {"a": {}}, )" + traffic + R"("goal": {"waits_us_p99": "<= 1ms"}})"));
  REQUIRE(waiting.goal.size() == 1);
  CHECK(waiting.goal[0].met);
  CHECK(waiting.recommendation->strategy == "a");
  // No query is answered in time, so no read is.
  const auto failing = compared(load(R"({"strategies": {"a": {}}, "database": {"read": "1s"},
      "clients": {"timeout": "100ms"}, )" +
                                     traffic + R"("goal": {"staleness_us_mean": "<= 1s"}})"));
  REQUIRE(failing.goal.size() == 1);
  CHECK_FALSE(failing.goal[0].met);
  CHECK(failing.recommendation->strategy.empty());
}

TEST_CASE("the reasons against the others name figures of the table") {
  const auto result = compared(load(text_of("avalanche-after-warm-up")));
  const auto& others = result.recommendation->others;
  REQUIRE(others.size() == 3);
  CHECK(result.recommendation->strategy == "jitter 50%");
  for (const auto& [strategy, because] : others) {
    CAPTURE(strategy, because);
    CHECK(because.starts_with("db_qps_peak is "));
    CHECK(mean(result, strategy, Metric::db_qps_peak) >
          mean(result, "jitter 50%", Metric::db_qps_peak));
  }
}

TEST_CASE("where caching gains nothing, reading the row directly is recommended") {
  const auto result = compared(load(text_of("not-worth-caching-cheap-query")));
  CHECK(result.recommendation->strategy == "direct");
  CHECK(result.recommendation->says[0].starts_with("Do not cache this: "));
  CHECK(mean(result, "direct", Metric::read_us_p50) < mean(result, "cached", Metric::read_us_p50));
}

// A result of random figures: what is compared, and nothing else.
Result any_result() {
  Result result{.kind = Result::Kind::compare};
  const int strategies = *rc::gen::inRange(1, 7);
  for (int i = 0; i < strategies; ++i) {
    auto& of = result.results.emplace_back();
    of.strategy = std::to_string(i);
    for (const Metric metric : deciding_metrics) {
      const double value = *rc::gen::inRange(0, 6) / 5.0 + *rc::gen::inRange(0, 3) / 40.0;
      const double half = *rc::gen::inRange(0, 4) / 20.0;
      of.metrics.push_back({.metric = metric,
                            .mean = value,
                            .ci95 = report::Interval{.low = value - half, .high = value + half}});
    }
    for (const Metric metric : {Metric::db_qps_mean, Metric::read_us_p50})
      of.metrics.push_back({.metric = metric, .mean = 1.0 + *rc::gen::inRange(0, 5)});
    result.goal.push_back({.strategy = of.strategy,
                           .name = "errors",
                           .wanted = "== 0",
                           .found = "0",
                           .met = *rc::gen::inRange(0, 4) > 0,
                           .missed_by = 1});
  }
  return result;
}

scenario::Scenario strategies_of(const Result& result) {
  scenario::Scenario scenario;
  for (const auto& of : result.results) {
    auto& strategy = scenario.strategies.emplace_back();
    strategy.name = of.strategy;
    if (*rc::gen::inRange(0, 4) == 0) strategy.read = scenario::DirectRead{};
  }
  return scenario;
}

TEST_CASE("nothing is recommended that another beats, or that fails clearly more requests") {
  test::prop("a recommendation is beaten by none that meets the same goal",
             [] {
               const auto result = any_result();
               const auto recommended = recommend(strategies_of(result), result).strategy;
               const auto meets = [&](const std::string& strategy) {
                 return std::none_of(result.goal.begin(), result.goal.end(), [&](const auto& term) {
                   return term.strategy == strategy && !term.met;
                 });
               };
               RC_ASSERT(recommended.empty() ==
                         std::none_of(result.results.begin(), result.results.end(),
                                      [&](const auto& of) { return meets(of.strategy); }));
               if (recommended.empty()) return;
               RC_ASSERT(meets(recommended));
               const auto& taken =
                   *std::find_if(result.results.begin(), result.results.end(),
                                 [&](const auto& of) { return of.strategy == recommended; });
               for (const auto& other : result.results) {
                 if (!meets(other.strategy)) continue;
                 RC_ASSERT_FALSE(clearly_more(taken, other, Metric::error_ratio));
                 RC_ASSERT_FALSE(std::all_of(
                     deciding_metrics.begin(), deciding_metrics.end(),
                     [&](Metric metric) { return clearly_more(taken, other, metric); }));
               }
             },
             {.cases = 3000});
}

TEST_CASE("a strategy is on the front exactly when no other is better") {
  test::prop("the front is what none is better than",
             [] {
               const auto result = any_result();
               const auto members = front_of(result).members;
               for (const auto& of : result.results) {
                 bool beaten = false;
                 for (const auto& other : result.results) {
                   int worse = 0, better = 0;
                   for (std::size_t i = 0; i < deciding_metrics.size(); ++i) {
                     const auto& a = of.metrics[i];
                     const auto& b = other.metrics[i];
                     worse += *b.mean > *a.mean * 1.05 && b.ci95->low > a.ci95->high;
                     better += *a.mean > *b.mean * 1.05 && a.ci95->low > b.ci95->high;
                   }
                   beaten |= worse == 0 && better > 0;
                 }
                 RC_ASSERT(beaten == (std::find(members.begin(), members.end(), of.strategy) ==
                                      members.end()));
               }
             },
             {.cases = 3000});
}

TEST_CASE("a comparison holds what search and run say alone, for every number of jobs",
          "[threads]") {
  auto scenario = load(text_of("stale-repopulate"));
  if (!test::fast) scenario.traffic.duration = std::chrono::minutes(1);
  const auto result = compared(scenario, 1);
  const auto searched = search(scenario, {}).result;
  const auto simulated = run(scenario, {.replicates = 3});
  REQUIRE(result.results.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(result.results[i].digest == simulated.results[i].digest);
    CHECK_VERDICT(judged(scenario, result, {}, i), searched.results[i].properties[0].verdict);
  }
  CHECK(result.baseline == "cache-aside");
  CHECK(report::to_json(compared(scenario, 2)) == report::to_json(result));
}

TEST_CASE("an interrupted comparison recommends nothing", "[threads]") {
  CompareOptions options;
  options.run.go_on = [](const RunProgress&) { return false; };
  const auto scenario = load(text_of("stale-repopulate"));
  const auto result = compare(scenario, options).result;
  CHECK_FALSE(result.complete);
  CHECK_FALSE(result.recommendation);
  REQUIRE(result.results.size() == 2);
  CHECK(result.results[0].metrics.empty());
  CHECK_VERDICT(judged(scenario, result, {}), Verdict::violated);
}

TEST_CASE("what must not be crossed takes the place of what the scenario expects of the same") {
  const auto scenario = load(text_of("stampede-on-a-hot-key"));
  const auto limited = with_limits(scenario, {"misses > 0", "loads-in-flight>=2"});
  REQUIRE(limited.has_value());
  const auto result = compared(*limited);
  CHECK_FALSE(report::all_met(result));
  for (const auto& expected : result.expectations) {
    if (expected.name == "misses") CHECK(expected.wanted == "<= 0");
    if (expected.name == "loads-in-flight") CHECK(expected.wanted == "< 2");
  }
  CHECK(limited->digest == scenario.digest);

  const auto by_goal = with_limits(shipped("stale-repopulate", R"({"hits": ">= 1"})"), {"goal"});
  REQUIRE(by_goal.has_value());
  const auto wanted = expectations_of(*by_goal, "ttl 60s");
  CHECK(
      std::any_of(wanted.begin(), wanted.end(), [](const auto& e) { return e.name() == "hits"; }));
  CHECK_FALSE(with_limits(load("{}"), {"goal"}).has_value());
  for (const char* wrong : {"", ">5", "misses", "misses=5", "misses>", "mises>5", "misses>x"}) {
    CAPTURE(wrong);
    CHECK_FALSE(with_limits(scenario, {wrong}).has_value());
  }
}

}  // namespace
}  // namespace cacherace::harness

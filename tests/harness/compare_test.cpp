// Comparisons: what is recommended follows from the figures, and from the budget.

#include "sim/harness/compare/compare.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "sim/harness/input/limits.hpp"
#include "tests/harness/search/searched.hpp"
#include "tests/support/root.hpp"

namespace cacherace::harness {
namespace {

using report::Result;
using report::StrategyResult;

std::string text_of(const std::string& name) {
  return test::content_of("scenarios/" + name + ".json");
}

// A shipped scenario that expects this instead of what it does expect.
scenario::Scenario shipped(const std::string& name, const std::string& expect) {
  auto json = nlohmann::ordered_json::parse(load(text_of(name)).json);
  json["expect"] = nlohmann::ordered_json::parse(expect);
  return load(json.dump());
}

Result compared(const scenario::Scenario& scenario, unsigned jobs = 2) {
  CompareOptions options;
  options.jobs = jobs;
  options.run.replicates = 3;
  return compare(scenario, options).result;
}

std::string taken(const std::string& name, const std::string& expect) {
  const auto result = compared(shipped(name, expect));
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

TEST_CASE("the cheapest strategy within the budget is taken, and another when the budget changes") {
  SECTION("avalanche") {
    const std::string name = "avalanche-after-warm-up";
    CHECK(taken(name, R"({"*": {"db_qps_peak": "<= 5000"}})") == "jitter 50%");
    CHECK(taken(name, R"({"*": {"hit_ratio": ">= 92%"}})") == "jitter 10%");
    CHECK(taken(name, R"({"*": {"hit_ratio": ">= 92.6%"}})") == "fixed ttl");
    CHECK(taken(name, R"({"*": {"hit_ratio": ">= 99%"}})").empty());
  }
  SECTION("stampede") {
    const std::string name = "stampede-on-a-hot-key";
    CHECK(taken(name, R"({"*": {"loads-in-flight": "<= 1"}})") == "single-flight");
    CHECK(taken(name, R"({"*": {"misses": "== 0"}})") == "swr");
    CHECK(taken(name, R"({"*": {"misses": "<= 50", "hit_ratio": "< 100%"}})") == "xfetch");
  }
  SECTION("stale repopulate") {
    const std::string name = "stale-repopulate";
    CHECK(taken(name, R"({"*": {"hit_ratio": ">= 90%"}})") == "cache-aside");
    CHECK(taken(name, R"({"*": {"heals": "proven"}})") == "ttl 60s");
  }
}

TEST_CASE("what a strategy is known to do wrong is no budget") {
  const auto result = compared(shipped("stale-repopulate", R"({"*": {"no-stale-residue": "violated",
                                                     "db_qps_peak": ">= 1"}})"));
  CHECK(result.recommendation->strategy == "cache-aside");
  CHECK(std::none_of(result.expectations.begin(), result.expectations.end(),
                     [](const auto& expected) { return expected.budget; }));
  CHECK(result.recommendation->says[0].find("states no budget") != std::string::npos);
  CHECK(result.recommendation->says[1] ==
        "It can go wrong: no-stale-residue is violated in the race.");
}

TEST_CASE("the reasons against the others name figures of the table") {
  const auto result = compared(load(text_of("avalanche-after-warm-up")));
  const auto& others = result.recommendation->others;
  REQUIRE(others.size() == 3);
  CHECK(result.recommendation->strategy == "jitter 50%");
  for (const auto& [strategy, because] : others) {
    CAPTURE(strategy, because);
    CHECK(because.starts_with("needs "));
    CHECK(mean(result, strategy, Metric::db_qps_peak) > mean(result, "jitter 50%", "db_qps_peak"));
  }
}

TEST_CASE("where caching gains nothing, reading the row directly is recommended") {
  const auto result = compared(load(text_of("not-worth-caching-cheap-query")));
  CHECK(result.recommendation->strategy == "direct");
  CHECK(result.recommendation->says[0].starts_with("Do not cache this: "));
  CHECK(mean(result, "direct", "read_us_p50") < mean(result, "cached", "read_us_p50"));
}

TEST_CASE("no strategy outside the front is as good as one inside, and the other way round") {
  for (const char* name : {"stampede-on-a-hot-key", "avalanche-after-warm-up"}) {
    const auto result = compared(load(text_of(name)));
    const auto inside = [&](const std::string& strategy) {
      return std::count(result.front->members.begin(), result.front->members.end(), strategy) > 0;
    };
    const auto beaten_by = [&](const std::string& a, const std::string& b) {
      bool somewhere = false, everywhere = true;
      for (const std::string metric : {"staleness_us_mean", "db_qps_peak", "read_us_p99"}) {
        everywhere &= mean(result, b, metric) <= mean(result, a, metric);
        somewhere |= mean(result, b, metric) < mean(result, a, metric);
      }
      return everywhere && somewhere;
    };
    CHECK_FALSE(result.front->members.empty());
    for (const auto& of : result.results)
      CHECK(inside(of.strategy) ==
            std::none_of(result.results.begin(), result.results.end(), [&](const auto& other) {
              return beaten_by(of.strategy, other.strategy);
            }));
  }
}

TEST_CASE("a comparison holds what search and run say alone, for every number of jobs",
          "[threads]") {
  const auto scenario = load(text_of("stale-repopulate"));
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
  for (const char* wrong : {"", ">5", "misses", "misses=5", "misses>", "mises>5", "misses>x"}) {
    CAPTURE(wrong);
    CHECK_FALSE(with_limits(scenario, {wrong}).has_value());
  }
}

}  // namespace
}  // namespace cacherace::harness

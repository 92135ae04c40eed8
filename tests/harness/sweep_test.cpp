// Sweeps: the values of an axis, and a run at each.

#include "sim/harness/traffic/sweep.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/input/with_value.hpp"
#include "sim/harness/traffic/axis.hpp"
#include "sim/report/export/json.hpp"

namespace cacherace::harness {
namespace {

using Values = std::vector<std::string>;

scenario::Scenario load(const std::string& text) {
  auto loaded = load_scenario(text, "test.json");
  REQUIRE(loaded.has_value());
  return *std::move(loaded);
}

report::Axis axis(const std::string& text) {
  auto parsed = parse_axis(text);
  REQUIRE(parsed.has_value());
  return *std::move(parsed);
}

Values values(const std::string& text) { return axis("/x=" + text).values; }

constexpr const char* small = R"({"keys": {"count": 50},
  "strategies": {"ttl": {"expiry": {"ttl": "1s"}}, "none": {}},
  "traffic": {"duration": "20s", "flows": [{"name": "web", "rate": "200/s", "reads": 0.9}]}})";

}  // namespace

TEST_CASE("ranges go from one end to the other, evenly or by ratios") {
  CHECK(values("1s..5s:lin:5") == Values{"1s", "2s", "3s", "4s", "5s"});
  CHECK(values("1s..100s:log:3") == Values{"1s", "10s", "100s"});
  CHECK(values("1s..100s:3") == Values{"1s", "10s", "100s"});  // log, from ten times on
  CHECK(values("1s..5s:3") == Values{"1s", "3s", "5s"});
  CHECK(values("1..100:log:4") == Values{"1", "5", "22", "100"});
  CHECK(values("1..3:lin:10") == Values{"1", "2", "3"});  // whole numbers, once each
  CHECK(values("0.1..1:log:3") == Values{"0.1", "0.316", "1"});
  CHECK(values("0%..50%:lin:3") == Values{"0%", "25%", "50%"});
  CHECK(values("500ms..2s:lin:4") == Values{"500ms", "1000ms", "1500ms", "2000ms"});
  CHECK(values("1..8mb:log:4") == Values{"1mb", "2mb", "4mb", "8mb"});
  CHECK(values("uniform,1s,7") == Values{"uniform", "1s", "7"});
  CHECK(values("1s..300s:log").size() == 10);
}

TEST_CASE("durations are drawn by microseconds") {
  const auto ttl = axis("/strategies/ttl/expiry/ttl=1ms..1s:log:4");
  CHECK(ttl.pointer == "/strategies/ttl/expiry/ttl");
  CHECK(ttl.is_time);
  CHECK(ttl.logarithmic);
  CHECK(ttl.numbers == std::vector<double>{1000, 10'000, 100'000, 1'000'000});
  CHECK_FALSE(axis("/keys/count=1..10").is_time);
}

TEST_CASE("what is no axis is refused") {
  for (const char* wrong : {"", "/x", "x=1..2", "/x=", "/x=1s..", "/x=..1s", "/x=2..1", "/x=1..1",
                            "/x=1s..2mb", "/x=0..10:log", "/x=1..2:cubic", "/x=1..2:lin:1",
                            "/x=1..2:lin:101", "/x=1,,2", "/x=-1..2", "/x=nan..2"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_axis(wrong).has_value());
  }
}

TEST_CASE("a sweep runs each value, and each pair of two axes", "[threads]") {
  const auto scenario = load(small);
  SweepOptions options{
      .axes = {axis("/strategies/ttl/expiry/ttl=1s,5s")}, .metrics = {}, .run = {}};
  options.run.replicates = 2;
  const auto one = sweep(scenario, options);
  REQUIRE(one.has_value());
  REQUIRE(one->points.size() == 2);
  REQUIRE(one->points[0].results.size() == 1);  // the pointer chooses the strategy
  const auto five = with_value(scenario, "/strategies/ttl/expiry/ttl", "5s");
  const auto alone = run(*five, {.strategies = {"ttl"}, .replicates = 2});
  CHECK(one->points[1].results[0].digest == alone.results[0].digest);
  CHECK(one->points[1].results[0].metrics[4].mean > one->points[0].results[0].metrics[4].mean);

  options.axes = {axis("/keys/count=10,20,30"), axis("/traffic/flows/0/reads=50%,90%")};
  options.run.jobs = 2;
  const auto two = sweep(scenario, options);
  REQUIRE(two->points.size() == 6);
  CHECK(two->points[1].at == Values{"10", "90%"});
  CHECK(two->points[1].results.size() == 2);
  CHECK(two->knees.empty());
  options.run.jobs = 1;
  CHECK(report::to_json(*sweep(scenario, options)) == report::to_json(*two));
}

TEST_CASE("the knee of a hit ratio over memory is where the working set fits") {
  const auto scenario = load(R"({"keys": {"count": 500, "popularity": "uniform", "value": "1kb"},
    "cache": {"policy": "allkeys-lru"},
    "traffic": {"duration": "30s", "warmup": "5s",
                "flows": [{"name": "web", "rate": "1000/s", "reads": 1}]}})");
  SweepOptions options{.axes = {axis("/cache/maxmemory=100kb..3200kb:log:6")},
                       .metrics = {Metric::hit_ratio},
                       .run = {}};
  options.run.replicates = 2;
  const auto found = sweep(scenario, options);
  REQUIRE(found.has_value());
  REQUIRE(found->knees.size() == 1);
  CHECK(found->knees[0].metric == Metric::hit_ratio);
  CHECK(found->knees[0].at == "800kb");  // 500 entries of 1.3 kb
}

TEST_CASE("a value that makes no sense in the scenario is named") {
  const auto scenario = load(small);
  const auto wrong = [&](const std::string& text) {
    const auto swept = sweep(scenario, {.axes = {axis(text)}, .metrics = {}, .run = {}});
    return swept ? "" : swept.error().front().fact;
  };
  CHECK(wrong("/strategies/ttl/expiry/ttl=fast").starts_with("with \"fast\" there: "));
  CHECK(wrong("/strategies/ttl/expiry/tll=1s").find("unknown") != std::string::npos);
  CHECK(wrong("/keys/count/x=1") == "the scenario has no such place");
}

TEST_CASE("an interrupted sweep keeps the points that were finished") {
  SweepOptions options{.axes = {axis("/keys/count=10,20,30")}, .metrics = {}, .run = {}};
  options.run.replicates = 1;
  options.run.go_on = [](const RunProgress& now) { return now.done < 0.5; };
  const auto found = sweep(load(small), options);
  CHECK_FALSE(found->complete);
  CHECK(found->points.size() == 2);
}

}  // namespace cacherace::harness

// How long operations wait: the same time in a search and in a run, and bounded by `give_up`.

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/traffic/run.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

std::string scenario_text(const std::string& cache, const std::string& read,
                          const std::string& load, const std::string& rest = "") {
  return R"({"cache": {"latency": ")" + cache + R"("}, "database": {"read": ")" + read +
         R"(", "write": "20ms", "connections": 1000}, "keys": {"count": 1},
    "strategies": {"s": {"load": )" +
         load + R"(, "expiry": {"ttl": "1s"}}},
    "race": {"clients": [{"name": "caller", "count": 2, "do": ["read k"]}], "timing": "latencies"},
    "traffic": {"duration": "20s", "flows": [{"name": "web", "rate": "200/s"}]})" +
         rest + "}";
}

std::uint64_t searched(const scenario::Scenario& scenario) {
  const auto outcome = search(scenario, {.properties = {"wait"}});
  REQUIRE_FALSE(only_property(outcome).worst->unbounded);
  return only_property(outcome).worst->value / 1000;
}

double simulated(const scenario::Scenario& scenario) {
  const auto result = run(scenario, {.replicates = 1});
  for (const auto& metric : result.results[0].metrics)
    if (metric.metric == Metric::waits_us_p99) return metric.mean.value_or(0);
  return 0;
}

constexpr const char* patient_lock =
    R"({"lock": {"ttl": "none", "wait": "50ms", "give_up": "1s"}})";

}  // namespace

TEST_CASE("a waiter gives up in place of the first look that would come too late") {
  // A look at the lock is a get and another attempt, 200 ms: it looks 50, 300, 550 and 800 ms after
  // it began to wait. A look for the lease is one get.
  CHECK(searched(load(scenario_text("100ms", "20s", patient_lock))) == 1'050'000);
  CHECK(searched(load(scenario_text(
            "100ms", "20s", R"({"lease": {"rate": "60s", "wait": "50ms", "give_up": "1s"}})"))) ==
        1'100'000);
  // The only look would come when it has waited for as long as it wants to.
  CHECK(searched(load(scenario_text(
            "1ms", "1s", R"({"lock": {"ttl": "none", "wait": "50ms", "give_up": "50ms"}})"))) ==
        50'000);
}

TEST_CASE("of a range of latencies the longest looks count") {
  // Looks of 2 to 4 ms after sleeps of 5 ms: the one that begins last, at 19 ms, ends at 23 ms; who
  // looks at 15 ms for the longest time would look again at 24 ms.
  const auto text = scenario_text("1ms..2ms", "1s",
                                  R"({"lock": {"ttl": "none", "wait": "5ms", "give_up": "20ms"}})");
  const auto worst = searched(load(text));
  CHECK(worst > 20'000);
  CHECK(worst <= 20'000 + 4'000 + 5'000);
}

TEST_CASE("a search and a run mean the same wait") {
  for (const std::string load_choice :
       {R"({"lock": {"ttl": "none", "wait": "1ms", "give_up": "10ms"}})",
        R"({"lock": {"ttl": "none", "wait": "7ms", "give_up": "2s"}})",
        R"({"lease": {"rate": "1s", "wait": "3ms", "give_up": "1s"}})", R"("single-flight")"}) {
    CAPTURE(load_choice);
    const auto scenario = load(scenario_text("1ms", "20ms", load_choice));
    const auto worst = static_cast<double>(searched(scenario));
    const double found = simulated(scenario);
    CHECK(found <= worst);
    CHECK(found >= worst / 2);
  }
  // 1 ms of sleep and 2 ms of a look: it gives up at 10 ms, or has found the value before.
  CHECK(searched(load(scenario_text(
            "1ms", "20ms", R"({"lock": {"ttl": "none", "wait": "1ms", "give_up": "10ms"}})"))) ==
        10'000);
}

TEST_CASE("a wait is replayed with its times") {
  auto outcome = search(
      load(scenario_text("100ms", "20s", patient_lock, R"(, "expect": {"s": {"wait": "<= 1s"}})")),
      {.properties = {"wait"}});
  CHECK(only_property(outcome).verdict == Verdict::violated);
  REQUIRE(outcome.counterexamples.size() == 1);
  CHECK(outcome.counterexamples[0].counterexample.says.find("waits 1.05 s for k") !=
        std::string::npos);
}

}  // namespace cacherace::harness

// The value of a duration at which a property begins to hold, against what can be derived by hand.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/harness/search/threshold.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

std::string race(const std::string& first, const std::string& pause) {
  return R"({"cache": {"latency": "200us..1ms"}, "database": {"read": "5ms..30ms"},
             "strategies": {"dd": {"write": {"double-delete": {"first": ")" +
         first + R"(", "delay": "1s"}}}},
             "race": {"clients": [{"name": "reader", "count": 2, "do": ["read k"]},
                                  {"name": "writer", "do": ["write k"]}],
                      "timing": "latencies", "pause_max": ")" +
         pause + R"("}})";
}

constexpr const char* delay = "/strategies/dd/write/double-delete/delay";

TEST_CASE("a second delete has to come after the slowest fill, to the microsecond") {
  // The fill: at most read.max + cache.max/2 + pause after the commit. The second delete: at least
  // the delay and three, or one, times cache.min/2 after it.
  struct Derived {
    const char *first, *pause;
    std::int64_t holds_us;
  };
  for (const auto& [first, pause, holds_us] :
       {Derived{"after", "0s", 30'000 + 500 - 300 + 1},
        Derived{"before", "0s", 30'000 + 500 - 100 + 1},
        Derived{"after", "900ms", 900'000 + 30'000 + 500 - 300 + 1}}) {
    CAPTURE(first, pause);
    const auto scenario = load(race(first, pause));
    const auto found = find_threshold(scenario, delay, {.properties = {"no-stale-residue"}});
    REQUIRE(found.has_value());
    REQUIRE(found->result.threshold);
    CHECK(found->result.threshold->holds_us == holds_us);
    CHECK(found->result.threshold->violated_us == holds_us - 1);
    REQUIRE(found->result.results.size() == 2);
    CHECK_VERDICT(judged(scenario, found->result, {}), Verdict::proven);
    CHECK(found->result.results[1].properties[0].counterexample);
  }
}

TEST_CASE("a bound on staleness is a longest TTL") {
  // read.max + cache.max/2 + TTL - cache.min/2 <= 1 s
  const auto found =
      find_threshold(load(R"({"cache": {"latency": "200us..1ms"}, "database": {"read": "5ms..30ms"},
               "strategies": {"ttl": {"expiry": {"ttl": "10s"}}},
               "race": {"clients": [{"name": "reader", "count": 2, "do": ["read k"]},
                                    {"name": "writer", "do": ["write k"]}],
                        "timing": "latencies"},
               "expect": {"ttl": {"staleness": "<= 1s"}}})"),
                     "/strategies/ttl/expiry/ttl", {});
  REQUIRE(found.has_value());
  REQUIRE(found->result.threshold);
  CHECK(found->result.threshold->holds_us == 1'000'000 - 30'400);
  CHECK(found->result.threshold->violated_us == 1'000'000 - 30'400 + 1);
}

TEST_CASE("where no value changes the verdict, a note says so") {
  const auto found =
      find_threshold(load(R"({"strategies": {"ttl": {"expiry": {"ttl": "10s"}}}, "race": {}})"),
                     "/strategies/ttl/expiry/ttl", {.properties = {"no-stale-residue"}});
  REQUIRE(found.has_value());
  CHECK_FALSE(found->result.threshold);
  REQUIRE(found->result.notes.size() == 1);
  CHECK(found->result.notes[0].find("no threshold of /strategies/ttl/expiry/ttl") == 0);
}

TEST_CASE("a threshold is that of one duration, one strategy and one property") {
  const auto scenario = load(race("after", "0s"));
  const auto problem = [&](const std::string& pointer, const SearchOptions& options) {
    const auto found = find_threshold(scenario, pointer, options);
    REQUIRE_FALSE(found.has_value());
    return found.error()[0].fact;
  };
  CHECK(problem("delay", {}) == "the scenario states no duration there");
  CHECK(problem("/strategies/dd/write", {}) == "the scenario states no duration there");
  CHECK(problem("/race/clients/0/name", {}) == "the scenario states no duration there");
  CHECK(problem(delay, {}) ==
        "a threshold needs one strategy and one property; selected are 1 and 3");
}

}  // namespace
}  // namespace cacherace::harness

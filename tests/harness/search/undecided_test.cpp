// Limits that a search which ended early has decided, and those that it has not.

#include <catch2/catch_test_macros.hpp>

#include "sim/report/text/text.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

// The worst staleness of the whole race is about 10 s: a TTL and what a slow reader adds.
SearchOutcome expecting(const std::string& limit, std::uint64_t states) {
  return search(load(R"({"strategies": {"s": {"expiry": {"ttl": "10s"}}},
    "race": {"clients": [{"name": "r", "count": 3, "do": ["read k"]},
                         {"name": "w", "count": 2, "do": ["write k"]}], "timing": "latencies"},
    "expect": {"s": {"staleness": ")" +
                     limit + R"("}}})"),
                {.shrink = false, .states_max = states});
}

}  // namespace

TEST_CASE("a search that ended early decides a limit only where no worse case can change that") {
  constexpr std::uint64_t few = 3'000;
  const auto open = expecting("<= 1h", few);
  const auto& worst = *only_property(open).worst;
  REQUIRE(worst.so_far);
  REQUIRE(worst.value > 0);
  const auto met = [&](const std::string& limit) {
    const auto outcome = expecting(limit, few);
    const auto& expected = outcome.result.expectations.at(0);
    CHECK_FALSE((expected.met && expected.undecided));
    return expected.undecided ? "undecided" : expected.met ? "met" : "not met";
  };
  for (const std::string limit : {"<= 1h", "< 1h", "== 1h", ">= 1h", "> 1h"}) {
    CAPTURE(limit);
    CHECK(met(limit) == std::string("undecided"));
  }
  for (const std::string limit : {"<= 0s", "< 1ns", "== 0s"}) {
    CAPTURE(limit);
    CHECK(met(limit) == std::string("not met"));
  }
  CHECK(met(">= 1ns") == std::string("met"));
  CHECK(met("> 0s") == std::string("met"));
}

TEST_CASE("a worst case that may get worse is said to be the worst so far") {
  const auto open = report::to_text(expecting("<= 1h", 3'000).result, {});
  CHECK(open.find(" so far") != std::string::npos);
  CHECK(open.find("undecided") != std::string::npos);
  CHECK(open.find("NOT MET") == std::string::npos);
}

TEST_CASE("a case without a worst one is above every limit") {
  const auto unbounded = [](const std::string& limit) {
    const auto outcome =
        search(load(R"({"race": {"clients": [{"name": "r", "count": 2, "do": ["read k"]},
             {"name": "w", "do": ["write k"]}]}, "expect": {"*": {"staleness": ")" +
                    limit + R"("}}})"),
               {.shrink = false});
    REQUIRE(only_property(outcome).worst->unbounded);
    CHECK_FALSE(only_property(outcome).worst->so_far);
    const auto& expected = outcome.result.expectations.at(0);
    CHECK_FALSE(expected.undecided);
    return expected.met;
  };
  CHECK(unbounded(">= 1h"));
  CHECK(unbounded("> 1h"));
  CHECK_FALSE(unbounded("<= 1h"));
  CHECK_FALSE(unbounded("== 1h"));
}

}  // namespace cacherace::harness

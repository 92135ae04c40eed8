// For which pauses a property holds, against what is worked out by hand.

#include "sim/harness/search/pauses.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

std::optional<report::Pauses> pauses_of(const std::string& text, SearchOptions options = {}) {
  options.properties = {"no-stale-residue"};
  const auto scenario = load(text);
  auto result = search(scenario, options).result;
  add_pauses(scenario, options, result);
  REQUIRE(result.results.size() == 1);
  return result.results[0].properties[0].pauses;
}

// A reader that took its snapshot just before the commit stores at most read.max + cache.max/2 +
// pause_max after it, at 30.5 ms + pause_max; the second delete comes at least 3 * cache.min/2 +
// delay after the commit, at delay + 0.3 ms. The delete has to come later.
TEST_CASE("a double delete bears the pauses that its delay leaves room for") {
  const auto delayed = [](const std::string& delay, SearchOptions options = {}) {
    return pauses_of(
        R"({"cache": {"latency": "200us..1ms"},
        "database": {"read": "5ms..30ms", "write": "5ms..20ms"},
        "strategies": {"s": {"write": {"double-delete": {"first": "after", "delay": ")" +
            delay + R"(", "timer": "durable"}}}},
        "race": {"clients": [{"name": "reader", "do": ["read user:7"]},
                             {"name": "writer", "do": ["write user:7"]}]}})",
        options);
  };
  const auto second = delayed("1s");
  REQUIRE(second);
  CHECK_FALSE(second->any);
  CHECK(second->longest == 1s + 300us - 30500us - 1us);
  const auto exact = delayed("30201us");
  REQUIRE(exact);
  CHECK(exact->longest == 0us);
  const auto none = delayed("30200us");
  REQUIRE(none);
  CHECK_FALSE(none->longest);
  CHECK_FALSE(none->any);
  CHECK_FALSE(delayed("1s", {.states_max = 5}));
}

TEST_CASE("a lease bears any pause") {
  const auto lease = pauses_of(
      R"({"strategies": {"s": {"load": "lease"}},
          "race": {"clients": [{"name": "reader", "do": ["read user:7"]},
                               {"name": "writer", "do": ["write user:7"]}]}})");
  REQUIRE(lease);
  CHECK(lease->any);
}

}  // namespace
}  // namespace cacherace::harness

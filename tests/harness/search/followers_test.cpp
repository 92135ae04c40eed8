// Who has to wait for another goes on at the moment at which it is freed, or at its own time if
// that is later. Worst cases by hand.

#include <catch2/catch_test_macros.hpp>

#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

// Every latency is constant.
std::string scenario_text(const std::string& cache, const std::string& read,
                          const std::string& strategy, const std::string& clients,
                          const std::string& pause_max = "0s") {
  return R"({"cache": {"latency": ")" + cache + R"("}, "database": {"read": ")" + read +
         R"(", "write": "5ms"}, "strategies": {"s": )" + strategy + R"(},
    "race": {"clients": [)" +
         clients + R"(], "timing": "latencies", "pause_max": ")" + pause_max + R"("}})";
}

std::uint64_t worst_us(const std::string& text, const std::string& property) {
  const auto outcome = search(load(text), {.properties = {property}});
  const auto& worst = only_property(outcome).worst;
  REQUIRE(worst.has_value());
  REQUIRE_FALSE(worst->unbounded);
  return worst->value / 1000;
}

Searched residue(const std::string& text) {
  auto scenario = load(text);
  auto outcome = search(scenario, {.properties = {"no-stale-residue"}});
  return {{std::move(outcome)}, std::move(scenario)};
}

constexpr const char* readers = R"({"name": "reader", "count": 2, "do": ["read k"]})";
constexpr const char* cdc = R"({"write": {"cdc": {"lag": "10ms"}}})";

}  // namespace

TEST_CASE("a delete that follows another one keeps to its own lag") {
  // The commits come at c and, 5 ms later or more, at d. The deletes come a lag and half a cache
  // latency after them, at c + 11 and d + 11: the first one is over before the second one's lag is.
  // A snapshot from before d is stored 8 + 1 ms after it, by d + 9. So nothing old is left, and the
  // last hit on it comes at d + 11, invoked at d + 10.
  const auto text = scenario_text(
      "2ms", "8ms", cdc, std::string(readers) + R"(, {"name": "w", "do": ["write k", "write k"]})");
  CHECK(worst_us(text, "staleness") == 10'000);
  CHECK_VERDICT(residue(text), Verdict::proven);
}

TEST_CASE("a delete that waits for another one is sent when that takes effect") {
  // Of two writers the commits come at c and at d, as near as they like. The first delete comes at
  // c + 20; the second one is sent then, or at d + 10 if that is later, and comes 10 ms later. A
  // snapshot from before d is stored by d + 19.9 ms: after the first delete where d is at least
  // c + 0.1 ms. The last hit on it comes at c + 30, invoked at c + 20, which is 19.9 ms after d.
  const auto text =
      scenario_text("20ms", "9900us", cdc,
                    std::string(readers) + R"(, {"name": "w", "count": 2, "do": ["write k"]})");
  CHECK(worst_us(text, "staleness") == 19'900);
  CHECK_VERDICT(residue(text), Verdict::proven);
}

TEST_CASE("who has joined a flight is paused once") {
  // The leader is paused for 50 ms before the query, before the set and before it lands: with 10 ms
  // for the query and 2 ms for the set it lands 162 ms after it has taken off. Who joins at once is
  // paused meanwhile.
  const std::string flight = R"({"load": "single-flight"})";
  CHECK(worst_us(scenario_text("2ms", "10ms", flight, readers, "50ms"), "wait") == 162'000);
}

}  // namespace cacherace::harness

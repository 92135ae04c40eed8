// Properties about intervals, in races whose times are known by hand.

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/search/threshold.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

// A cache command takes effect after 1 ms and is answered after 2.
std::string lease(const std::string& rate) {
  return R"({"cache": {"latency": "2ms"}, "database": {"read": "3ms", "write": "1ms"},
    "strategies": {"s": {"load": {"lease": {"rate": ")" +
         rate + R"(", "refused": "give-up"}}}},
    "race": {"clients": [{"name": "r", "count": 2, "do": ["read k"]}], "timing": "latencies"}})";
}

std::string direct(const std::string& first, const std::string& read, const std::string& second) {
  return R"({"cache": {"latency": ")" + first + R"("}, "database": {"read": ")" + read +
         R"(", "write": "1ms"}, "strategies": {"s": {"read": "direct"}},
    "race": {"clients": [)" +
         second + R"(], "timing": "latencies"}})";
}

report::PropertyResult judged(const std::string& text, const std::string& property) {
  return only_property(search(load(text), {.properties = {property}}));
}

}  // namespace

TEST_CASE("queries whose times do not overlap are not in flight at once") {
  // The first misses at 0 with the token, and has its row from 1 to 4 ms. The second can have the
  // token when the rate is over: after 5 ms it has its row from 6 to 9 ms.
  const auto found = judged(lease("5ms"), "loads-in-flight");
  CHECK(found.verdict == Verdict::proven);
  REQUIRE(found.worst);
  CHECK(found.worst->value == 1);
  CHECK_FALSE(found.worst->so_far);

  // After 3 ms the second query is issued when the first has its reply: in either order.
  const auto threshold = find_threshold(load(lease("5ms")), "/strategies/s/load/lease/rate",
                                        {.properties = {"loads-in-flight"}});
  REQUIRE(threshold.has_value());
  REQUIRE(threshold->result.threshold);
  CHECK(threshold->result.threshold->holds_us == 3'001);
  CHECK(threshold->result.threshold->violated_us == 3'000);
}

TEST_CASE("queries of one client follow each other") {
  const auto one = direct("2ms", "3ms", R"({"name": "r", "do": ["read k", "read k", "read k"]})");
  CHECK(judged(one, "loads-in-flight").worst->value == 1);
  const auto two = direct("2ms", "3ms", R"({"name": "r", "count": 3, "do": ["read k", "read k"]})");
  CHECK(judged(two, "loads-in-flight").worst->value == 3);
}

TEST_CASE("a client that goes on has its reply") {
  // The fill comes at least 1 ms after the reply, which comes 3 to 9 ms after the query. Whoever
  // misses before the fill and after the reply loads alone.
  const auto found = judged(R"({"cache": {"latency": "2ms"}, "database": {"read": "3ms..9ms"},
    "strategies": {"s": {}},
    "race": {"clients": [{"name": "r", "count": 3, "do": ["read k"]}], "timing": "latencies"}})",
                            "loads-in-flight");
  CHECK(found.worst->value == 3);
  REQUIRE(found.counterexample);
  CHECK(found.counterexample->says.find("at once: at ") != std::string::npos);
}

TEST_CASE("a write that is not acknowledged is under way") {
  // A fill of the old version comes at most 1 ms after the commit, when the delete comes, too, and
  // is there for 1 ms: whoever hits it was invoked by then, and the write is acknowledged 1 ms
  // later.
  const char* race = R"({"cache": {"latency": "2ms"}, "database": {"read": "0ms", "write": "4ms"},
    "strategies": {"s": {"expiry": {"ttl": "1ms"}}, "longer": {"expiry": {"ttl": "10ms"}}},
    "race": {"clients": [{"name": "r", "count": 2, "do": ["read k"]},
                         {"name": "w", "do": ["write k"]}], "timing": "latencies"}})";
  const auto verdict = [&](const std::string& strategy) {
    return only_property(
               search(load(race), {.strategies = {strategy}, .properties = {"linearizable"}}))
        .verdict;
  };
  CHECK(verdict("s") == Verdict::proven);
  CHECK(verdict("longer") == Verdict::violated);
}

TEST_CASE("a read returns with its reply: a commit before that is early enough") {
  // The version is stored a way back and a write before it is committed. A hit on it at once is
  // answered a way back later.
  const auto found = [](const std::string& cache, const std::string& write) {
    return judged(R"({"cache": {"latency": ")" + cache +
                      R"("}, "database": {"read": "1ms", "write": ")" + write + R"("},
      "strategies": {"s": {"write": {"write-through": {"order": "cache-first"}}}},
      "race": {"clients": [{"name": "r", "do": ["read k"]}, {"name": "w", "do": ["write k"]}],
               "timing": "latencies"}})",
                  "no-dirty-reads")
        .verdict;
  };
  CHECK(found("2ms", "1ms") ==
        Verdict::violated);  // it is committed 2 ms later, answered 1 ms later
  CHECK(found("2ms", "0ms") == Verdict::violated);  // at the same moment: in either order
}

TEST_CASE("a lock is held from effect to effect") {
  // The lock is taken at 0, the second look is at 2 ms, the row is read from 3 to 6 ms, the fill is
  // at 7 ms and the unlock at 9 ms. At that moment the lock may run out, and another take it,
  // before.
  const auto threshold = find_threshold(
      load(R"({"cache": {"latency": "2ms"}, "database": {"read": "3ms", "write": "1ms"},
        "strategies": {"s": {"load": {"lock": {"ttl": "20ms", "wait": "1ms", "give_up": "30ms"}}}},
        "race": {"clients": [{"name": "r", "count": 2, "do": ["read k"]}],
                 "timing": "latencies"}})"),
      "/strategies/s/load/lock/ttl", {.properties = {"mutual-exclusion"}});
  REQUIRE(threshold.has_value());
  REQUIRE(threshold->result.threshold);
  CHECK(threshold->result.threshold->holds_us == 9'001);
}

}  // namespace cacherace::harness

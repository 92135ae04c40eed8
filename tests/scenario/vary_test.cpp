// The section "vary": defaults around the race, and what is wrong with ranges.

#include <catch2/catch_test_macros.hpp>

#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

Vary vary_of(const std::string& text) {
  const auto loaded = load(text, "x.json");
  REQUIRE(loaded.has_value());
  return loaded->vary;
}

std::string problems_of_vary(const std::string& vary) {
  return problems_of(R"({"cache": {"latency": "1ms"}, "vary": )" + vary + "}");
}

}  // namespace

TEST_CASE("what is not stated is varied around the race") {
  const auto usual = vary_of("{}");
  CHECK(usual.clients == CountRange{1, 3});
  CHECK(usual.operations == CountRange{1, 2});
  CHECK(usual.keys == CountRange{1, 2});
  CHECK(usual.faults_min == Faults{});
  CHECK(usual.faults_max == Faults{.crash = 1, .evict = 1});

  const auto large = vary_of(R"({"race": {"faults": {"flush": 2}, "clients": [
    {"name": "a", "count": 5, "do": ["read a", "read b", "read c"]}]}})");
  CHECK(large.clients == CountRange{1, 5});
  CHECK(large.operations == CountRange{1, 3});
  CHECK(large.keys == CountRange{1, 3});
  CHECK(large.faults_max == Faults{.flush = 2});
}

TEST_CASE("ranges are read with both ends, and of faults those that are left out keep the race's") {
  const auto vary = vary_of(R"({
    "race": {"faults": {"flush": 2}, "pause_max": "1s"},
    "vary": {"clients": "2..4", "operations": 3, "faults": {"crash": "1..2"},
             "durations": {"/race/pause_max": "1ms..2s"}}})");
  CHECK(vary.clients == CountRange{2, 4});
  CHECK(vary.operations == CountRange{3, 3});
  CHECK(vary.faults_min == Faults{.crash = 1});
  CHECK(vary.faults_max == Faults{.crash = 2, .flush = 2});
  REQUIRE(vary.durations.size() == 1);
  CHECK(vary.durations[0].within == DurationRange{1ms, 2s});
}

TEST_CASE("a bad range says where it is and what would do") {
  CHECK(
      problems_of_vary(R"({"clients": "3..1"})") ==
      "x.json:1:51 /vary/clients: \"3..1\" is not a range within 1 to 64; write the smaller number "
      "first, and keep within these\n");
  CHECK(problems_of_vary(R"({"clients": "0..3"})").find("is not a range within 1 to 64") !=
        std::string::npos);
  CHECK(problems_of_vary(R"({"keys": "1..99999999999999999999"})").find("is not a range within") !=
        std::string::npos);
  CHECK(problems_of_vary(R"({"operations": "many"})") ==
        "x.json:1:54 /vary/operations: expected a range such as \"1..3\", found \"many\" (a "
        "string); write \"operations\": \"1..3\"\n");
  CHECK(problems_of_vary(R"({"client": 3})").find("did you mean \"clients\"?") !=
        std::string::npos);
  CHECK(problems_of_vary(R"({"durations": {"/cache/latency": "5s..1s"}})")
            .find("ends before it begins") != std::string::npos);
}

TEST_CASE("a pointer has to lead to a duration that a race depends on") {
  CHECK(problems_of_vary(R"({"durations": {"/cache/latency": "1ms..5ms"}})") == "");
  CHECK(problems_of_vary(R"({"durations": {"/cache/latncy": "1ms..5ms"}})") ==
        "x.json:1:54 /vary/durations/~1cache~1latncy: the scenario states no duration at "
        "\"/cache/latncy\"; give the JSON pointer of a duration that it states: "
        "/strategies/NAME/expiry/ttl\n");
  CHECK(problems_of_vary(R"({"durations": {"/traffic/duration": "1s"}})")
            .find("is not a place that a race depends on") != std::string::npos);
  CHECK(problems_of_vary(R"({"durations": {"": "1s"}})").find("is not a place") !=
        std::string::npos);
}

}  // namespace cacherace::scenario

// Searching races around a scenario's: what is found, how simple it gets, and how honest the words.

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/report/text/text.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

constexpr const char* one_reader = R"({
  "strategies": {"cache-aside": {}, "lease": {"load": "lease"}},
  "race": {"clients": [{"name": "reader", "do": ["read k"]}]}, "vary": {"faults": {}},
  "expect": {"*": {"no-stale-residue": "proven"}}})";

constexpr const char* delay = "/strategies/twice/write/double-delete/delay";

std::string twice(const std::string& delays) {
  return R"({"cache": {"latency": "200us..1ms"}, "database": {"read": "5ms..30ms", "write": "5ms"},
    "strategies": {"twice": {"write": {"double-delete": {"first": "after", "delay": "1s"}}}},
    "race": {"clients": [{"name": "reader", "do": ["read k"]}], "timing": "latencies"},
    "vary": {"clients": 2, "operations": 1, "keys": 1, "faults": {},
             "durations": {")" +
         std::string(delay) + "\": \"" + delays + R"("}},
    "expect": {"*": {"no-stale-residue": "proven"}}})";
}

FuzzOutcome fuzz_of(const std::string& text, const FuzzOptions& options = {}) {
  auto outcome = fuzz(load(text), options);
  if (!outcome) FAIL(to_text(outcome.error().front()));
  return *std::move(outcome);
}

Judged judged_of(const FuzzOutcome& outcome, const std::string& scenario) {
  return judged(load(scenario), outcome.result, outcome.counterexamples);
}

const report::PropertyResult& property_of(const FuzzOutcome& outcome, std::size_t strategy) {
  return outcome.result.results.at(strategy).properties.at(0);
}

const report::Cases& cases(const report::PropertyResult& property) {
  return std::get<report::Cases>(property.visited);
}

}  // namespace

TEST_CASE("the scenario's own race is the first that is searched, whatever the ranges") {
  // Only it has a writer, and three clients: the ranges allow one reader.
  const auto outcome = fuzz_of(R"({
    "race": {"clients": [{"name": "first", "do": ["read k"]}, {"name": "author", "do": ["write k"]},
                         {"name": "last", "do": ["read k#3"]}]},
    "keys": {"derived": {"per_key": 3, "known": 3}},
    "vary": {"clients": 1, "operations": 1, "keys": 1, "faults": {}},
    "expect": {"*": {"no-stale-residue": "violated"}}})",
                               {.cases = 1});
  CHECK_FALSE(outcome.missed);
  const auto& found = property_of(outcome, 0);
  CHECK(found.verdict == Verdict::violated);
  REQUIRE(found.smallest);
  CHECK(found.smallest->race == "writer-1: write k, reader-1: read k");
  CHECK(cases(found).all() >= 1);
  CHECK(outcome.result.drawn == 1);
}

TEST_CASE("the race of cache-aside is found around a race that is proven, and made simple") {
  const auto outcome = fuzz_of(one_reader);
  const auto& found = property_of(outcome, 0);
  CHECK_VERDICT(judged_of(outcome, one_reader), Verdict::violated);
  CHECK(cases(found).violated > 0);
  CHECK(outcome.unexpected);
  REQUIRE(found.smallest);
  CHECK(found.smallest->race == "reader-1: read k, writer-1: write k");
  CHECK(found.counterexample->steps.size() == 5);
  CHECK(found.counterexample->minimal);

  const auto smallest = load(found.smallest->json);
  REQUIRE(smallest.strategies.size() == 1);
  const auto searched = search(smallest, {});
  REQUIRE(searched.result.expectations.size() == 1);
  CHECK(searched.result.expectations[0].met);
  REQUIRE(outcome.counterexamples.size() == 1);
  CHECK(outcome.counterexamples[0].scenario_json == smallest.json);
  CHECK(outcome.counterexamples[0].counterexample.digest == found.counterexample->digest);
}

TEST_CASE("a strategy that is proven in each race is clean so far, with the proofs counted") {
  const auto outcome = fuzz_of(one_reader, {.strategies = {"lease"}});
  const auto& found = property_of(outcome, 0);
  CHECK_VERDICT(judged_of(outcome, one_reader), Verdict::clean_so_far);
  CHECK(cases(found).proven > 10);
  CHECK(cases(found).proven + cases(found).vacuous == cases(found).all());
  CHECK_FALSE(found.counterexample);
  CHECK_FALSE(outcome.unexpected);
  CHECK(report::to_text(outcome.result, {}).find("clean so far") != std::string::npos);
}

TEST_CASE("what never came up is vacuous") {
  const std::string reader_alone =
      R"({"race": {"clients": [{"name": "r", "do": ["read k"]}]},
          "vary": {"clients": 1, "operations": 1, "keys": 1, "faults": {}}})";
  const auto outcome = fuzz_of(reader_alone, {.properties = {"no-stale-residue"}});
  CHECK_VERDICT(judged_of(outcome, reader_alone), Verdict::vacuous);
}

TEST_CASE("the number of threads changes nothing, and the seed changes the races", "[threads]") {
  const auto text = [](unsigned jobs, std::uint64_t seed) {
    auto scenario = load(one_reader);
    scenario.seed = seed;
    auto outcome = fuzz(scenario, {.cases = 40, .jobs = jobs});
    REQUIRE(outcome.has_value());
    return report::to_json(outcome->result);
  };
  CHECK(text(1, 1) == text(4, 1));
  CHECK(text(1, 1) != text(1, 2));
}

TEST_CASE("a delay goes back to the scenario's own, or to the roundest value that violates") {
  const auto simplest = [](const std::string& delays) {
    const auto outcome = fuzz_of(twice(delays));
    const auto& found = property_of(outcome, 0);
    CHECK_VERDICT(judged_of(outcome, twice(delays)), Verdict::violated);
    REQUIRE(found.smallest);
    CHECK(found.counterexample->steps.front().at);
    CHECK(found.smallest->durations.at(0).first == delay);
    return found.smallest->durations.at(0).second;
  };
  CHECK(simplest("0s..2s") == "0s");
  CHECK(simplest("15ms..2s") == "20ms");
  CHECK(simplest("21ms..2s") == "30ms");
  CHECK(simplest("30150us..30200us") == "30200us");  // no rounder one is in the range
  const auto proven = fuzz_of(twice("30201us..2s"));
  CHECK_VERDICT(judged_of(proven, twice("30201us..2s")), Verdict::clean_so_far);
  CHECK(cases(property_of(proven, 0)).proven > 0);
}

TEST_CASE("a fault is kept only where the violation needs it") {
  const auto outcome = fuzz_of(R"({
    "strategies": {"lease": {"load": "lease"}},
    "race": {"clients": [{"name": "reader", "do": ["read k"]}], "start": "warm"},
    "vary": {"faults": {"crash": "0..2", "evict": "0..1"}},
    "expect": {"lease": {"no-stale-residue": "violated"}}})");
  const auto& found = property_of(outcome, 0);
  REQUIRE(found.smallest);
  CHECK(found.smallest->race == "writer-1: write k, 1 crash");
  CHECK_FALSE(outcome.unexpected);
  CHECK_FALSE(outcome.missed);
}

TEST_CASE("a limit of a property that measures stays in force in the simplest scenario") {
  const auto outcome = fuzz_of(R"({
    "race": {"clients": [{"name": "reader", "do": ["read k"]}]},
    "vary": {"clients": "1..4", "operations": 1, "keys": 1, "faults": {}},
    "expect": {"*": {"loads-in-flight": "<= 2"}}})");
  const auto& found = property_of(outcome, 0);
  REQUIRE(found.smallest);
  CHECK(found.smallest->race == "reader-1: read k, reader-2: read k, reader-3: read k");
  for (const auto& expected : search(load(found.smallest->json), {}).result.expectations)
    CHECK(expected.met);
}

TEST_CASE("an expected violation that is not found is missed") {
  const auto outcome = fuzz_of(R"({
    "strategies": {"lease": {"load": "lease"}}, "vary": {"faults": {}},
    "expect": {"lease": {"no-stale-residue": "violated"}}})");
  CHECK(outcome.missed);
  CHECK_FALSE(outcome.unexpected);
}

TEST_CASE("ranges within which nothing is valid are an error") {
  const auto outcome = fuzz(load(R"({
    "strategies": {"s": {"read": {"stale-while-revalidate": {"soft": "1s", "hard": "2s"}}}},
    "vary": {"durations": {"/strategies/s/read/stale-while-revalidate/soft": "3s..5s"}}})"),
                            {.cases = 5});
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().front().pointer == "/vary/durations");
}

TEST_CASE("what was searched before an interruption is kept, and marked incomplete", "[threads]") {
  FuzzOptions options{.strategies = {"cache-aside"}};
  options.go_on = [](const FuzzProgress& now) {
    return now.searched < 30 ? Going::on : Going::interrupted;
  };
  const auto outcome = fuzz_of(one_reader, options);
  CHECK_FALSE(outcome.result.complete);
  const auto& found = property_of(outcome, 0);
  CHECK(cases(found).all() == 30);
  REQUIRE(found.counterexample);
  CHECK_FALSE(found.counterexample->minimal);
  CHECK(load(found.smallest->json).strategies.size() == 1);
}

}  // namespace cacherace::harness

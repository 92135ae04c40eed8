// The same scenario, seed and version give the same digests on every compiler, build type and
// machine: they are pinned here. A change of what a run does moves them, and says so in its commit.

#include <catch2/catch_test_macros.hpp>

#include "sim/core/digest.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/report/export/json.hpp"
#include "tests/support/root.hpp"

namespace cacherace::harness {
namespace {

scenario::Scenario load(const char* text) {
  const auto scenario = load_scenario(text, "test.json");
  REQUIRE(scenario.has_value());
  return *scenario;
}

std::string digest_of(const std::string& text) {
  Digest digest;
  digest.add(text);
  return digest.hex();
}

// Every distribution, arrival process, popularity and slot that can be drawn from.
constexpr const char* everything = R"({
  "cache": {"latency": {"lognormal": {"median": "400us", "p99": "2ms"}}},
  "database": {"read": {"exponential": "8ms", "max": "200ms"}, "write": "5ms..20ms",
               "connections": 4, "queue_max": 5},
  "clients": {"pause": {"share": "1%", "length": "0s..50ms"}},
  "keys": {"count": 1000, "popularity": {"zipf": 0.99}},
  "strategies": {"delete after": {}, "delete before": {"write": "delete-before"},
                 "set after": {"write": "set-after", "expiry": {"ttl": "3s"}},
                 "ttl": {"write": "none", "expiry": {"ttl": "1s"}}},
  "traffic": {"duration": "20s", "warmup": "1s", "prefill": "all", "flows": [
    {"name": "web", "rate": "300/s", "reads": 0.9},
    {"name": "steady", "rate": "70/s", "arrivals": "constant", "reads": 0.5,
     "from": "2s", "to": "9s"},
    {"name": "jobs", "clients": 7, "think": {"exponential": "100ms"}, "reads": 0.8}]}})";

// Every slot, party and mishap that the first one lacks.
constexpr const char* mishaps = R"({
  "cache": {"maxmemory": "500kb", "policy": "allkeys-lfu", "command": "10us"},
  "database": {"connections": 10, "overload": "slow", "replicas": {"count": 2, "lag": "0ms..80ms"}},
  "clients": {"timeout": "60ms", "retries": 1, "lost": "0.5%", "crash": "0.1%"},
  "keys": {"count": 500, "absent": "5%", "groups": 10, "derived": {"per_key": 1, "known": 1}},
  "strategies": {
    "swr": {"read": {"stale-while-revalidate": {"soft": "1s", "hard": "3s"}},
            "load": {"single-flight": {"processes": 3, "forget": true}},
            "expiry": {"jitter": "20%", "negative": "500ms"},
            "guards": [{"local-cache": {"processes": 3}}, {"bloom-filter": {"bits": 5000}}]},
    "lock": {"load": {"lock": {"ttl": "1s", "wait": "10ms", "give_up": "200ms"}},
             "fill": "set-then-expire", "expiry": {"ttl": "2s"},
             "write": {"double-delete": {"delay": "100ms"}}, "guards": ["remote-marker"]},
    "lease": {"load": {"lease": {"rate": "300ms", "stale": "1s"}}, "write": "cdc"},
    "xfetch": {"read": "xfetch", "expiry": {"ttl": "2s"}, "fill": "generation",
               "write": "delete-in-transaction"},
    "behind": {"load": {"read-through": {"nodes": 2}}, "write": "write-behind"},
    "through": {"fill": "set-if-newer",
                "write": {"write-through": {"lock": {"ttl": "1s", "wait": "5ms",
                                                     "give_up": "100ms"}}}},
    "version": {"write": "bump-version"}, "keys": {"write": "delete-by-keys"},
    "error": {"read": {"stale-if-error": {"keep": "5s"}}, "expiry": {"ttl": "1s"},
              "guards": [{"hold-off": {"for": "50ms"}}]}},
  "traffic": {"duration": "8s", "warmup": "1s", "flows": [
    {"name": "web", "rate": "400/s", "reads": 0.95},
    {"name": "scraper", "rate": "50/s", "keys": "absent"},
    {"name": "random", "rate": "50/s", "keys": "random"}],
    "incidents": [{"at": "2s", "do": "flush"}, {"at": "3s", "do": {"keys": "*"}},
                  {"at": "4s", "do": "change-key-format"}, {"at": "5s", "do": {"bypass": "10%"}},
                  {"at": "6s", "do": {"invalidate-group": 3}},
                  {"at": "7s", "do": "cache-restart"}]}})";

TEST_CASE("the order of effects is pinned, for every kind of draw") {
  const auto result = run(load(everything), {.replicates = 2});
  REQUIRE(result.results.size() == 4);
  std::vector<std::string> digests;
  for (const auto& strategy : result.results) digests.push_back(strategy.digest);
  CHECK(digests == std::vector<std::string>{"e86ba1d5ec555099", "7c87bf32c30dcae3",
                                            "f84d662a0379aafd", "16049d4faaf3f5b0"});
}

TEST_CASE("the order of effects is pinned, for every kind of arrivals") {
  const auto result = run(load(R"({"traffic": {"duration": "20s", "flows": [
    {"name": "bursts", "rate": "50/s", "arrivals": {"bursty": {"on": "1s", "off": "3s"}}},
    {"name": "drawn", "rate": "50/s",
     "arrivals": {"bursty": {"on": "1s", "off": "3s", "phases": "exponential"}}},
    {"name": "days", "rate": "50/s", "from": "1s",
     "arrivals": {"diurnal": {"period": "5s", "peak": 1.7}}}]}})"),
                          {.replicates = 2});
  CHECK(result.results[0].digest == "230ab4c29650a45c");
}

TEST_CASE("the order of effects is pinned, for a trace") {
  const auto scenario = load_scenario(R"({"keys": {"count": 100}, "traffic": {"flows": [
    {"name": "recorded", "trace": "hot-item.csv", "format": "twitter"},
    {"name": "hashed", "trace": "hot-item.csv", "rows": "hashed", "rate": "30/s"}]}})",
                                      (test::root() / "scenarios/traces/test.json").string());
  REQUIRE(scenario.has_value());
  CHECK(run(*scenario, {.replicates = 2}).results[0].digest == "25c086ecc8d59cf3");
}

TEST_CASE("the bytes of a run are pinned, for every slot and mishap") {
  CHECK(digest_of(report::to_json(run(load(mishaps), {.replicates = 2}))) == "a83dd86f9f28eb88");
}

TEST_CASE("the bytes of a run's result are pinned") {
  CHECK(digest_of(report::to_json(run(load(everything), {.replicates = 3}))) == "61f42c3d9453262e");
}

TEST_CASE("the bytes of a search's result and of its counterexample are pinned") {
  const auto outcome = search(load("{}"), {.count = true});
  CHECK(digest_of(report::to_json(outcome.result)) == "5cd1b2bc032d8461");
  REQUIRE(outcome.counterexamples.size() == 1);
  CHECK(digest_of(report::to_json(outcome.counterexamples[0])) == "74d87853353a2d02");
}

TEST_CASE("the bytes of a search by states, and of samples, are pinned") {
  const auto bytes = [](const SearchOptions& options) {
    return digest_of(report::to_json(search(load("{}"), options).result));
  };
  CHECK(bytes({}) == "24e4547a74b2cf72");
  CHECK(bytes({.mode = SearchMode::random}) == "ed9ad55b7c29d774");
  CHECK(bytes({.mode = SearchMode::pct}) == "430f2f05ee5a9eff");
}

TEST_CASE("the name of the file does not change a byte") {
  const auto elsewhere = load_scenario("{}", "some/where/else.json");
  REQUIRE(elsewhere.has_value());
  CHECK(report::to_json(search(*elsewhere, {}).result) ==
        report::to_json(search(load("{}"), {}).result));
}

TEST_CASE("twice in a row gives the same bytes") {
  const auto once = report::to_json(run(load(everything), {.replicates = 2}));
  CHECK(once == report::to_json(run(load(everything), {.replicates = 2})));
}

}  // namespace
}  // namespace cacherace::harness

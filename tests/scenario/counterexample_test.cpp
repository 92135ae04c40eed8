// Counterexample files carry the race that they were found in.

#include <catch2/catch_test_macros.hpp>

#include "sim/scenario/file/saved_counterexample.hpp"

namespace cacherace::scenario {
namespace {

std::string file(std::string_view clients, std::string_view more,
                 std::string_view scenario = R"({"keys": {"derived": {"per_key": 1}}})") {
  std::string text = R"({"kind": "counterexample", "strategy": "cache-aside",)"
                     R"( "property": "no-stale-residue", "decisive": 1, "digest": "0",)"
                     R"( "steps": [{"client": "r", "effect": "cache.get k", "result": "miss"}],)";
  text.append(R"( "scenario": )").append(scenario).append(R"(, "clients": )").append(clients);
  return text.append(more).append("}");
}

std::string problems_of(const std::string& text) {
  const auto loaded = load_counterexample(text, "x.json");
  std::string lines;
  if (loaded.has_value()) return lines;
  for (const Problem& problem : loaded.error())
    lines += problem.pointer + ": " + problem.fact + '\n';
  return lines;
}

TEST_CASE("mishaps, aggregates and faults are read back") {
  const auto loaded = load_counterexample(file(R"([{"name": "r", "do": ["read k#1"]},
               {"name": "m", "do": ["evict k", "flush", "cache-restart"]}])",
                                               R"(, "start": {"k": "warm"},
              "faults": {"crash": 1, "evict": 2, "lose": 3, "flush": 4, "cache-restart": 5})"),
                                          "x.json");
  REQUIRE(loaded.has_value());
  using Kind = Operation::Kind;
  REQUIRE(loaded->clients.size() == 2);
  CHECK(loaded->clients[0].operations == std::vector<Operation>{{Kind::read, "k#1"}});
  CHECK(loaded->clients[1].operations ==
        std::vector<Operation>{{Kind::evict, "k"}, {Kind::flush, ""}, {Kind::cache_restart, ""}});
  CHECK(loaded->faults.crash == 1);
  CHECK(loaded->faults.evict == 2);
  CHECK(loaded->faults.lose == 3);
  CHECK(loaded->faults.flush == 4);
  CHECK(loaded->faults.cache_restart == 5);
}

TEST_CASE("all steps have a time, or none has") {
  const auto with_steps = [](const std::string& steps) {
    std::string text = file(R"([{"name": "r", "do": ["read k"]}])", "");
    const auto at = text.find("\"steps\": ");
    return text.replace(at, text.find(']', at) + 1 - at, "\"steps\": [" + steps + "]");
  };
  const std::string timed = R"({"client": "r", "effect": "x", "result": "y", "at_us": 1})";
  const std::string untimed = R"({"client": "r", "effect": "x", "result": "y"})";
  CHECK(problems_of(with_steps(timed + "," + timed)) == "");
  CHECK(problems_of(with_steps(untimed + "," + untimed)) == "");
  CHECK(problems_of(with_steps(untimed + "," + timed)) ==
        "/steps/1/at_us: some steps have \"at_us\" and others do not\n");
  CHECK(problems_of(with_steps(timed + "," + untimed)) ==
        "/steps/1: some steps have \"at_us\" and others do not\n");
}

TEST_CASE("faults that are left out are none") {
  const auto loaded =
      load_counterexample(file(R"([{"name": "r", "do": ["read k"]}])", ""), "x.json");
  REQUIRE(loaded.has_value());
  CHECK(loaded->faults.crash == 0);
  CHECK(loaded->faults.cache_restart == 0);
}

TEST_CASE("a saved race is checked like the one of a scenario") {
  CHECK(
      problems_of(file(R"([{"name": "r", "do": ["read k#2"]}])", R"(, "faults": {"crush": 1})")) ==
      "/clients/0/do/0: \"k#2\" names aggregate 2 of a key that has 1\n"
      "/faults/crush: unknown key \"crush\"\n");
  CHECK(problems_of(file(R"([{"name": "r", "do": ["write k#1"]}])", "")) ==
        "/clients/0/do/0: aggregates are not written: they follow from their row\n");
}

}  // namespace
}  // namespace cacherace::scenario

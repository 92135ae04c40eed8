// Every built-in strategy that can be restated as a script, written from the documentation alone,
// does what the built-in does: two statements of each protocol that check each other.

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "tests/support/build.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

using Json = nlohmann::ordered_json;

const Json& pairs() {
  static const Json all = Json::parse(content_of("tests/scripts/pairs.json"));
  return all;
}

// A scenario whose two strategies are the script and the built-in.
Result<scenario::Scenario> scenario_of(const Json& pair) {
  Json script{{"script", pair["script"]}, {"with", pair["with"]}};
  for (const char* key : {"processes", "message"})
    if (pair["with"].contains(key)) script[key] = pair["with"][key];
  Json scenario = pair.value("scenario", Json::object());
  scenario["strategies"] = {{"script", script}, {"builtin", pair["builtin"]}};
  scenario["race"] = pair["race"];
  return harness::load_scenario(scenario.dump(), (root() / "tests/scripts/pair.json").string());
}

struct Found {
  std::string verdict;
  std::optional<report::Schedules> schedules;
  bool exhausted = false;
};

// By property, of the script and of the built-in.
std::vector<std::pair<std::string, std::pair<Found, Found>>> search(
    const scenario::Scenario& scenario, const harness::SearchOptions& options) {
  const auto result = harness::search(scenario, options).result;
  const auto found = [](const report::PropertyResult& property) {
    Found out{.verdict = std::string(name(property.verdict)), .exhausted = property.exhausted};
    if (const auto* counted = std::get_if<report::Schedules>(&property.visited))
      out.schedules = *counted;
    return out;
  };
  std::vector<std::pair<std::string, std::pair<Found, Found>>> all;
  for (std::size_t i = 0; i < result.results[0].properties.size(); ++i)
    all.emplace_back(
        result.results[0].properties[i].name,
        std::pair(found(result.results[0].properties[i]), found(result.results[1].properties[i])));
  return all;
}

TEST_CASE("a script and the built-in that it restates have the same verdicts", "[race]") {
  std::size_t compared = 0;
  for (const Json& pair : pairs()) {
    if (pair.contains("refused")) continue;
    INFO(pair.dump());
    const auto scenario = scenario_of(pair);
    REQUIRE(scenario.has_value());
    for (const auto& [property, both] :
         search(*scenario, {.shrink = false, .states_max = fast ? 20'000U : 2'000U})) {
      INFO(property);
      if (!both.first.exhausted || !both.second.exhausted) {
        if (both.first.verdict != "violated" || both.second.verdict != "violated") continue;
      }
      const Json differs = pair.value("differs", Json::object());
      CHECK(both.first.verdict == differs.value(property, both.second.verdict));
      ++compared;
    }
  }
  CHECK(compared > 100);
}

TEST_CASE("a script and the built-in that it restates have as many schedules, and as many violate",
          "[race]") {
  std::size_t compared = 0;
  for (const Json& pair : pairs()) {
    if (!pair.contains("counts")) continue;
    INFO(pair.dump());
    const auto scenario = scenario_of(pair);
    REQUIRE(scenario.has_value());
    for (const auto& [property, both] :
         search(*scenario, {.count = true, .shrink = false, .schedules_max = 20'000})) {
      INFO(property);
      REQUIRE(both.first.schedules.has_value());
      CHECK(both.first.schedules->schedules == both.second.schedules->schedules);
      CHECK(both.first.schedules->violating == both.second.schedules->violating);
      ++compared;
    }
  }
  CHECK(compared > 200);
}

TEST_CASE("what scripts cannot say yet is refused in plain words") {
  for (const Json& pair : pairs()) {
    if (!pair.contains("refused")) continue;
    INFO(pair.dump());
    const auto scenario = scenario_of(pair);
    REQUIRE(scenario.has_value());
    std::string says;
    try {
      harness::search(*scenario, {.shrink = false});
    } catch (const std::exception& error) {
      says = error.what();
    }
    CHECK(says == pair["refused"].get<std::string>());
  }
}

}  // namespace
}  // namespace cacherace::test

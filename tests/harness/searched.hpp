#pragma once
// Searches of races that are written in a line or two.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/harness/scenario_file.hpp"
#include "sim/harness/search.hpp"

namespace cacherace::harness {

inline scenario::Scenario load(const std::string& text) {
  const auto scenario = load_scenario(text, "test.json");
  if (!scenario) FAIL(to_text(scenario.error().front()));
  return *scenario;
}

inline const report::PropertyResult& only_property(const SearchOutcome& outcome) {
  REQUIRE(outcome.result.results.size() == 1);
  REQUIRE(outcome.result.results[0].properties.size() == 1);
  return outcome.result.results[0].properties[0];
}

inline std::uint64_t schedules(const SearchOutcome& outcome) {
  return std::get<report::Schedules>(only_property(outcome).visited).schedules;
}

inline const report::States& states(const SearchOutcome& outcome) {
  return std::get<report::States>(only_property(outcome).visited);
}

inline SearchOutcome search_for(const std::string& race, const std::string& property,
                                SearchOptions options = {}, const std::string& strategy = "{}") {
  options.properties = {property};
  return search(load(R"({"strategies": {"s": )" + strategy + R"(}, "race": )" + race + "}"),
                options);
}

}  // namespace cacherace::harness

#pragma once
// Searches of races that are written in a line or two.

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/report/text/text.hpp"
#include "tests/support/verdict.hpp"

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

/// What was found of one property of one strategy, with the scenario, for CHECK_VERDICT.
struct Judged {
  report::PropertyResult property;
  std::string scenario;
  std::string saved;  // the counterexample file, if there is one
};

inline Verdict verdict_in(const Judged& judged) { return judged.property.verdict; }

inline test::Evidence evidence_of(const Judged& judged) {
  const auto& counterexample = judged.property.counterexample;
  return {.story = counterexample ? report::interleaving(*counterexample, {}) +
                                        report::decisive_sentence(*counterexample)
                                  : "there is no counterexample",
          .scenario = judged.scenario,
          .property = judged.property.name,
          .saved = judged.saved};
}

/// Of a search, a comparison or anything else that has results and counterexamples.
inline Judged judged(const scenario::Scenario& scenario, const report::Result& result,
                     const std::vector<report::CounterexampleFile>& counterexamples,
                     std::size_t strategy = 0, std::size_t property = 0) {
  const auto& of = result.results.at(strategy);
  Judged all{.property = of.properties.at(property), .scenario = scenario.json, .saved = ""};
  for (const auto& file : counterexamples)
    if (file.strategy == of.strategy && file.property == all.property.name)
      all.saved = report::to_json(file);
  return all;
}

/// A search of one strategy for one property.
struct Searched : SearchOutcome {
  scenario::Scenario scenario;
};

inline Verdict verdict_in(const Searched& searched) { return only_property(searched).verdict; }

inline test::Evidence evidence_of(const Searched& searched) {
  only_property(searched);
  return evidence_of(judged(searched.scenario, searched.result, searched.counterexamples));
}

inline Searched search_for(const std::string& race, const std::string& property,
                           SearchOptions options = {}, const std::string& strategy = "{}") {
  options.properties = {property};
  auto scenario = load(R"({"strategies": {"s": )" + strategy + R"(}, "race": )" + race + "}");
  auto outcome = search(scenario, options);
  return {{std::move(outcome)}, std::move(scenario)};
}

}  // namespace cacherace::harness

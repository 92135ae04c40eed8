#include "sim/harness/compare/compare.hpp"

#include <algorithm>

#include "sim/harness/compare/recommend.hpp"
#include "sim/harness/input/expectations.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/report/definitions.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t series_buckets = 300;  // as many as a picture shows

template <typename Results>
auto named(Results& results, const std::string& strategy) {
  return std::find_if(results.begin(), results.end(),
                      [&](const auto& result) { return result.strategy == strategy; });
}

std::string baseline_of(const std::vector<scenario::Strategy>& strategies,
                        const std::string& asked) {
  const std::string wanted = asked.empty() ? "cache-aside" : asked;
  const bool there = std::any_of(strategies.begin(), strategies.end(),
                                 [&](const auto& strategy) { return strategy.name == wanted; });
  return there ? wanted : strategies.front().name;
}

// Both halves of each strategy, or the half that was finished.
std::vector<report::StrategyResult> joined(const std::vector<scenario::Strategy>& strategies,
                                           report::Result& searched, report::Result& simulated) {
  std::vector<report::StrategyResult> results;
  for (const auto& strategy : strategies) {
    const auto found = named(searched.results, strategy.name);
    const auto measured = named(simulated.results, strategy.name);
    if (found == searched.results.end() && measured == simulated.results.end()) continue;
    auto& both = results.emplace_back();
    if (measured != simulated.results.end()) both = std::move(*measured);
    both.strategy = strategy.name;
    if (found != searched.results.end()) both.properties = std::move(found->properties);
  }
  return results;
}

}  // namespace

SearchOutcome compare(const scenario::Scenario& scenario, const CompareOptions& options) {
  const auto strategies = selected(scenario, options.strategies);
  const std::string baseline = baseline_of(strategies, options.baseline);
  SearchOptions search_options = options.search;
  search_options.strategies = options.strategies;
  search_options.jobs = options.jobs;
  RunOptions run_options = options.run;
  run_options.strategies = options.strategies;
  run_options.jobs = options.jobs;
  run_options.baseline = baseline;
  run_options.series = resolution_for(scenario, series_buckets);

  auto outcome = search(scenario, search_options);
  auto& result = outcome.result;
  auto simulated = run(scenario, run_options);
  result.kind = report::Result::Kind::compare;
  result.traffic = simulated.traffic;
  result.complete = result.complete && simulated.complete;
  result.results = joined(strategies, result, simulated);
  for (auto& note : simulated.notes) result.notes.push_back(std::move(note));
  result.expectations.clear();
  result.goal.clear();
  compare_expectations(scenario, result);
  compare_goal(scenario, result);
  result.baseline = baseline;
  if (result.complete) {
    result.front = front_of(result);
    result.recommendation = recommend(scenario, result);
  }
  result.scenario_json = scenario.json;
  result.metric_definitions = report::metric_definitions();
  result.property_definitions = report::property_definitions();
  return outcome;
}

}  // namespace cacherace::harness

#include "sim/harness/compare/compare.hpp"

#include <algorithm>

#include "sim/harness/compare/join.hpp"
#include "sim/harness/compare/recommend.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/harness/search/pauses.hpp"
#include "sim/report/definitions.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t series_buckets = 300;  // as many as a picture shows

std::string baseline_of(const std::vector<scenario::Strategy>& strategies,
                        const std::string& asked) {
  const std::string wanted = asked.empty() ? "cache-aside" : asked;
  const bool there = std::any_of(strategies.begin(), strategies.end(),
                                 [&](const auto& strategy) { return strategy.name == wanted; });
  return there ? wanted : strategies.front().name;
}

}  // namespace

SearchOutcome compare(const scenario::Scenario& scenario, const CompareOptions& options) {
  const auto strategies = selected(scenario, options.strategies);
  const std::string baseline = baseline_of(strategies, options.baseline);
  SearchOptions search_options = options.search;
  search_options.strategies = options.strategies;
  search_options.jobs = options.jobs;
  search_options.of_the_goal = true;
  RunOptions run_options = options.run;
  run_options.strategies = options.strategies;
  run_options.jobs = options.jobs;
  run_options.baseline = baseline;
  run_options.series = resolution_for(scenario, series_buckets);

  auto outcome = search(scenario, search_options);
  if (options.pauses) add_pauses(scenario, search_options, outcome.result);
  outcome.result =
      joined(scenario, strategies, std::move(outcome.result), run(scenario, run_options));
  auto& result = outcome.result;
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

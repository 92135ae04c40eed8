#include "sim/harness/compare/join.hpp"

#include <algorithm>
#include <utility>

#include "sim/harness/input/expectations.hpp"

namespace cacherace::harness {
namespace {

template <typename Results>
auto named(Results& results, const std::string& strategy) {
  return std::find_if(results.begin(), results.end(),
                      [&](const auto& result) { return result.strategy == strategy; });
}

std::vector<report::StrategyResult> halves_of(const std::vector<scenario::Strategy>& strategies,
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

report::Result joined(const scenario::Scenario& scenario,
                      const std::vector<scenario::Strategy>& strategies, report::Result searched,
                      report::Result simulated) {
  auto results = halves_of(strategies, searched, simulated);
  report::Result result = std::move(searched);
  result.kind = report::Result::Kind::compare;
  result.traffic = std::move(simulated.traffic);
  result.complete = result.complete && simulated.complete;
  result.results = std::move(results);
  for (auto& note : simulated.notes) result.notes.push_back(std::move(note));
  result.expectations.clear();
  result.goal.clear();
  compare_expectations(scenario, result);
  compare_goal(scenario, result);
  return result;
}

}  // namespace cacherace::harness

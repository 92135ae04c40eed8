#include "sim/harness/input/selection.hpp"

#include <algorithm>

#include "sim/json/parse.hpp"

namespace cacherace::harness {

std::vector<scenario::Strategy> selected(const scenario::Scenario& scenario,
                                         const std::vector<std::string>& names) {
  std::vector<scenario::Strategy> chosen;
  for (const auto& strategy : scenario.strategies)
    if (names.empty() || std::find(names.begin(), names.end(), strategy.name) != names.end())
      chosen.push_back(strategy);
  return chosen;
}

bool describes(const scenario::Scenario& scenario, std::string_view section) {
  json::Collector problems(scenario.file);
  const auto document = json::parse(scenario.json, problems);
  return document && document->root().find(section) != nullptr;
}

report::Result describe_scenario(const scenario::Scenario& scenario) {
  report::Result result;
  result.title = scenario.title;
  result.story = scenario.story;
  result.source = scenario.source;
  result.scenario_digest = scenario.digest;
  result.seed = scenario.seed;
  return result;
}

}  // namespace cacherace::harness

#include "sim/harness/compare/check.hpp"

#include <algorithm>

#include "sim/harness/compare/join.hpp"
#include "sim/harness/input/expectations.hpp"

namespace cacherace::harness {
namespace {

std::vector<std::string> expected_properties(const scenario::Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& expectation : scenario.expectations)
    if (expectation.is_property() &&
        std::find(names.begin(), names.end(), expectation.name()) == names.end())
      names.emplace_back(expectation.name());
  return names;
}

}  // namespace

report::Result check(const scenario::Scenario& scenario, const CheckOptions& options) {
  SearchOptions search_options = options.search;
  search_options.properties = expected_properties(scenario);
  search_options.jobs = options.jobs;
  RunOptions run_options = options.run;
  run_options.jobs = options.jobs;
  const bool measures =
      std::any_of(scenario.expectations.begin(), scenario.expectations.end(),
                  [](const auto& expectation) { return !expectation.is_property(); });
  if (search_options.properties.empty()) return run(scenario, run_options);
  auto searched = search(scenario, search_options).result;
  for (auto& strategy : searched.results)
    std::erase_if(strategy.properties, [&](const auto& property) {
      return std::none_of(
          searched.expectations.begin(), searched.expectations.end(), [&](const auto& expected) {
            return expected.strategy == strategy.strategy && expected.name == property.name;
          });
    });
  if (!measures || !searched.complete) return searched;
  return joined(scenario, scenario.strategies, std::move(searched), run(scenario, run_options));
}

}  // namespace cacherace::harness

#include "tests/rules/compare.hpp"

#include "tests/rules/enumerate.hpp"
#include "tests/rules/product.hpp"

namespace cacherace::rules {

Comparison compare(const Race& race, std::uint64_t schedules_max) {
  Comparison result;
  harness::SearchOptions options;
  options.shrink = false;
  options.count = true;
  options.schedules_max = schedules_max;
  for (const auto name : property_names) options.properties.emplace_back(name);
  const auto scenario = to_json(race);
  const auto loaded = ask(scenario, {.properties = {"heals"}, .states_max = 1});
  if (!loaded.refused.empty()) {
    result.refused = true;
    return result;
  }
  const auto mine = enumerate(race, schedules_max);
  if (!mine) {
    result.large = true;
    return result;
  }
  result.schedules = mine->schedules;
  options.schedules_max = schedules_max * 10;
  const auto counted = ask(scenario, options);
  options.count = false;
  options.schedules_max.reset();
  const auto by_state = ask(scenario, options);
  std::string says, example;
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const std::string property(property_names[i]);
    const auto& own = mine->properties[i];
    const auto& theirs = counted.properties.at(property);
    const auto& state = by_state.properties.at(property);
    const bool same_verdict = own.verdict() == theirs.verdict && own.verdict() == state.verdict &&
                              (i != loads_in_flight || !state.worst || own.arises == 0 ||
                               std::to_string(own.worst) == *state.worst);
    result.verdicts = result.verdicts || !same_verdict;
    if (same_verdict && mine->schedules == theirs.schedules && own.violating == theirs.violating)
      continue;
    says += property + ": oracle " + std::string(own.verdict()) + ", " +
            std::to_string(own.violating) + " of " + std::to_string(mine->schedules) +
            ", worst " + std::to_string(own.worst) + "; product by state " + state.verdict +
            (state.worst ? ", worst " + *state.worst : "") + ", by schedule " + theirs.verdict +
            ", " + std::to_string(theirs.violating.value_or(0)) + " of " +
            std::to_string(theirs.schedules.value_or(0)) + "\n";
    if (own.verdict() != state.verdict && own.violating != 0 && example.empty())
      example = "one schedule that violates " + property + ":\n" + to_text(own.example);
  }
  if (!says.empty()) result.difference = scenario + says + example;
  return result;
}

}  // namespace cacherace::rules

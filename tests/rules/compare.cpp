#include "tests/rules/compare.hpp"

#include "tests/rules/enumerate/enumerate.hpp"
#include "tests/rules/enumerate/timed.hpp"
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
            std::to_string(own.violating) + " of " + std::to_string(mine->schedules) + ", worst " +
            std::to_string(own.worst) + "; product by state " + state.verdict +
            (state.worst ? ", worst " + *state.worst : "") + ", by schedule " + theirs.verdict +
            ", " + std::to_string(theirs.violating.value_or(0)) + " of " +
            std::to_string(theirs.schedules.value_or(0)) + "\n";
    if (own.verdict() != state.verdict && own.violating != 0 && example.empty())
      example = "one schedule that violates " + property + ":\n" + to_text(own.example);
  }
  if (!says.empty()) result.difference = scenario + says + example;
  return result;
}

namespace {

std::string in_nanoseconds(const Longest& longest) {
  return longest.unbounded ? "unbounded" : std::to_string(longest.time * 1000);
}

}  // namespace

Comparison compare_timed(const Race& race, std::uint64_t steps_max) {
  Comparison result;
  const auto scenario = to_json(race);
  const auto loaded = ask(scenario, {.properties = {"heals"}, .states_max = 1});
  if (!loaded.refused.empty()) {
    result.refused = true;
    return result;
  }
  const auto mine = try_all_times(race, steps_max);
  if (!mine) {
    result.large = true;
    return result;
  }
  result.schedules = mine->schedules;
  harness::SearchOptions options;
  options.shrink = false;
  for (const auto name : property_names) options.properties.emplace_back(name);
  options.properties.emplace_back("staleness");
  options.properties.emplace_back("wait");
  const auto answer = ask(scenario, options);
  std::string says, example;
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const std::string property(property_names[i]);
    const auto& theirs = answer.properties.at(property);
    const std::string own = mine->violated[i] ? "violated" : mine->arises[i] ? "proven" : "vacuous";
    const bool same_worst = i != loads_in_flight || !mine->arises[i] || !theirs.worst ||
                            *theirs.worst == std::to_string(mine->loads);
    if (own == theirs.verdict && same_worst) continue;
    says += property + ": oracle " + own + "; product " + theirs.verdict;
    if (i == loads_in_flight)
      says += "; worst " + std::to_string(mine->loads) + " and " + theirs.worst.value_or("none");
    says += "\n";
    if (mine->violated[i] && example.empty())
      example = "one schedule that violates " + property + ":\n" + to_text(mine->example[i]);
  }
  const auto compare_worst = [&](const std::string& property, const Longest& longest) {
    const auto& theirs = answer.properties.at(property);
    if (!theirs.worst || in_nanoseconds(longest) == *theirs.worst) return;
    says += property + ": oracle at worst " + in_nanoseconds(longest) + " ns; product " +
            *theirs.worst + " ns, " + theirs.verdict + "\n";
  };
  compare_worst("staleness", mine->staleness);
  compare_worst("wait", mine->wait);
  result.verdicts = !says.empty();
  if (!says.empty()) result.difference = scenario + says + example;
  return result;
}

}  // namespace cacherace::rules

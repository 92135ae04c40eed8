#include "tests/rules/product.hpp"

#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::rules {

Answer ask(const std::string& scenario, const harness::SearchOptions& options) {
  Answer answer;
  const auto loaded = harness::load_scenario(scenario, "race.json");
  if (!loaded) {
    answer.refused = to_text(loaded.error().front());
    return answer;
  }
  const auto outcome = harness::search(*loaded, options);
  for (const auto& strategy : outcome.result.results)
    for (const auto& property : strategy.properties) {
      Said said;
      said.verdict = name(property.verdict);
      if (const auto* visited = std::get_if<report::Schedules>(&property.visited)) {
        said.schedules = visited->schedules;
        said.violating = visited->violating;
      }
      if (property.worst)
        said.worst =
            property.worst->unbounded ? "unbounded" : std::to_string(property.worst->value);
      answer.properties[property.name] = said;
    }
  return answer;
}

}  // namespace cacherace::rules

#include "sim/harness/explore/questions.hpp"

#include <algorithm>

namespace cacherace::harness {
namespace {

std::vector<const judge::Property*> properties_of(const scenario::Scenario& scenario,
                                                  const std::vector<std::string>& asked,
                                                  bool of_the_goal) {
  const auto is_about = [](const judge::Property* property) {
    return [property](const auto& term) { return term.of == scenario::Subject(property->id); };
  };
  std::vector<const judge::Property*> chosen;
  for (const auto* property : judge::all_properties)
    if (asked.empty() ? std::any_of(scenario.expectations.begin(), scenario.expectations.end(),
                                    is_about(property))
                      : std::find(asked.begin(), asked.end(), property->name) != asked.end())
      chosen.push_back(property);
  if (chosen.empty()) chosen = judge::default_properties();
  if (!of_the_goal || !asked.empty()) return chosen;
  std::vector<const judge::Property*> all;
  for (const auto* property : judge::all_properties)
    if (std::find(chosen.begin(), chosen.end(), property) != chosen.end() ||
        std::any_of(scenario.goal.begin(), scenario.goal.end(), is_about(property)))
      all.push_back(property);
  return all;
}

}  // namespace

std::uint64_t limit_of(const scenario::Scenario& scenario, const std::string& strategy,
                       const judge::Property& property) {
  using Comparison = scenario::Limit::Comparison;
  const auto limit_in = [&](const std::vector<scenario::Expectation>& terms,
                            const std::string& owner) -> std::optional<std::uint64_t> {
    for (const auto& term : terms) {
      const auto* limit = std::get_if<scenario::Limit>(&term.wanted);
      if (term.strategy != owner || limit == nullptr || term.of != scenario::Subject(property.id))
        continue;
      const double unit = property.timed ? 1000 : 1;  // expectations are in microseconds
      const auto value = static_cast<std::uint64_t>(std::max(0.0, limit->value * unit));
      if (limit->comparison == Comparison::at_most || limit->comparison == Comparison::equal)
        return value;
      if (limit->comparison == Comparison::less && value > 0) return value - 1;
    }
    return std::nullopt;
  };
  if (const auto own = limit_in(scenario.expectations, strategy)) return *own;
  if (const auto of_all = limit_in(scenario.expectations, "*")) return *of_all;
  return limit_in(scenario.goal, "*").value_or(property.limit);
}

engine::RaceTiming timing_of(const scenario::Scenario& scenario,
                             const strategy::Strategy& strategy) {
  if (scenario.race.timing == scenario::Timing::latencies) return {scenario, strategy};
  return engine::RaceTiming::unbounded();
}

std::vector<Question> questions_of(const scenario::Scenario& scenario,
                                   const strategy::Strategy& strategy,
                                   const std::vector<std::string>& asked, bool of_the_goal) {
  const bool latencies = scenario.race.timing == scenario::Timing::latencies;
  std::vector<Question> questions;
  for (const auto* property : properties_of(scenario, asked, of_the_goal)) {
    auto& question = questions.emplace_back(
        Question{.property = property, .limit = limit_of(scenario, strategy.name, *property)});
    if (latencies || property->timed) question.timing = timing_of(scenario, strategy);
  }
  return questions;
}

}  // namespace cacherace::harness

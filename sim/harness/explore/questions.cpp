#include "sim/harness/explore/questions.hpp"

#include <algorithm>

namespace cacherace::harness {
namespace {

std::vector<const judge::Property*> properties_of(const scenario::Scenario& scenario,
                                                  const std::vector<std::string>& asked) {
  const auto expected = [&](scenario::Subject subject) {
    const auto is_about = [&](const auto& e) { return e.of == subject; };
    return std::any_of(scenario.expectations.begin(), scenario.expectations.end(), is_about) ||
           std::any_of(scenario.goal.begin(), scenario.goal.end(), is_about);
  };
  std::vector<const judge::Property*> chosen;
  for (const auto* property : judge::all_properties) {
    const bool is_asked = std::find(asked.begin(), asked.end(), property->name) != asked.end();
    if (asked.empty() ? expected(property->id) : is_asked) chosen.push_back(property);
  }
  return chosen.empty() ? judge::default_properties() : chosen;
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
                                   const std::vector<std::string>& asked) {
  const bool latencies = scenario.race.timing == scenario::Timing::latencies;
  std::vector<Question> questions;
  for (const auto* property : properties_of(scenario, asked)) {
    auto& question = questions.emplace_back(
        Question{.property = property, .limit = limit_of(scenario, strategy.name, *property)});
    if (latencies || property->timed) question.timing = timing_of(scenario, strategy);
  }
  return questions;
}

}  // namespace cacherace::harness

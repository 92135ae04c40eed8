#include "sim/harness/explore_race.hpp"

#include <span>

#include "sim/core/assert.hpp"
#include "sim/engine/race_graph.hpp"
#include "sim/search/shortest.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t steps_max = 1'000'000;

// Performs the choices, and from there on always the first one, and judges: what a monitor has
// seen, the judge finds.
Violation perform(const engine::Race& race, const Question& question,
                  std::span<const std::size_t> taken) {
  auto state = race.initial();
  Violation violation;
  History& history = violation.history;
  for (auto choices = race.pending(state); !choices.empty(); choices = race.pending(state)) {
    const std::size_t step = history.steps.size();
    SIM_ASSERT(step < steps_max);
    history.steps.push_back(race.step(state, choices[step < taken.size() ? taken[step] : 0]));
  }
  SIM_ASSERT(history.steps.size() >= taken.size());
  history.finals = race.finals(state);
  const auto judgement = question.property->judge(history, question.limit);
  SIM_ASSERT(judgement.finding);
  violation.finding = *judgement.finding;
  return violation;
}

}  // namespace

judge::Rows rows_of(const engine::Plan& plan) {
  judge::Rows rows{.start = {}, .keys = plan.keys()};
  for (Key row = 0; row < plan.rows.size(); ++row)
    rows.start.push_back(plan.starts[row] == scenario::KeyStart::absent ? 0 : 1);
  return rows;
}

ExploredRace explore_race(const engine::Race& race, const Question& question,
                          const search::StateBudget& budget, HowToExplore how) {
  const auto monitor = question.property->monitor(rows_of(race.plan()), question.limit);
  engine::RaceGraph graph(race, *monitor, {.symmetry = how.symmetry});
  ExploredRace result{.explored = search::explore(graph, budget, how.to_the_end),
                      .symmetric = graph.symmetric(),
                      .violation = {}};
  if (!result.explored.way.empty())
    result.violation = perform(race, question, graph.choices_along(result.explored.way));
  return result;
}

std::optional<Violation> shortest_violation(const engine::Race& race, const Question& question,
                                            const search::StateBudget& budget) {
  const auto monitor = question.property->monitor(rows_of(race.plan()), question.limit);
  engine::RaceGraph graph(race, *monitor, {.remembers_violation = true, .keeps_places = true});
  const auto taken = search::shortest_violation(graph, budget);
  if (!taken) return std::nullopt;
  return perform(race, question, *taken);
}

}  // namespace cacherace::harness

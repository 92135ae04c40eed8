#include "sim/harness/explore/explore_race.hpp"

#include <algorithm>
#include <functional>
#include <span>

#include "sim/core/assert.hpp"
#include "sim/script/script_error.hpp"
#include "sim/search/explore_timed.hpp"
#include "sim/search/shortest.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t steps_max = 1'000'000;

// Who has waited longest goes on, so that nobody polls for ever for what another would do.
std::size_t fairest(const engine::Race::Choices& choices, const std::vector<Step>& steps) {
  std::size_t best = 0, best_age = 0;
  for (std::size_t i = 0; i < choices.size() && choices[i].actor < replica_actor; ++i) {
    const auto last = std::find_if(steps.rbegin(), steps.rend(), [&](const Step& step) {
      return step.actor == choices[i].actor;
    });
    const auto age = static_cast<std::size_t>(last - steps.rbegin()) + 1;
    if (age <= best_age) continue;
    best = i;
    best_age = age;
  }
  return best;
}

// Performs the choices, and from there on those that are fair, and judges: what a monitor has seen,
// the judge finds.
Violation perform(const engine::Race& race, const Question& question,
                  std::span<const std::size_t> taken) {
  auto state = race.initial();
  Violation violation;
  History& history = violation.history;
  for (auto choices = race.pending(state); !choices.empty(); choices = race.pending(state)) {
    const std::size_t step = history.steps.size();
    if (race.strategy().script && step == steps_max)
      throw race.strategy().script->error_at(
          std::ranges::find_if(state.world.clients, &world::Client::busy)->node,
          "after a violation the clients do not come to an end");
    SIM_ASSERT(step < steps_max);
    const std::size_t next = step < taken.size()      ? taken[step]
                             : race.strategy().script ? fairest(choices, history.steps)
                                                      : 0;
    history.steps.push_back(race.step(state, choices[next]));
  }
  SIM_ASSERT(history.steps.size() >= taken.size());
  history.finals = race.finals(state);
  const auto judgement = judge::judge_history(*question.property, history, question.limit);
  SIM_ASSERT(judgement.finding);
  violation.finding = *judgement.finding;
  return violation;
}

// Gives the moves their times, and judges; nothing when `go_on` says no.
std::optional<Violation> in_time(const engine::Race& race, const Question& question,
                                 engine::RaceGraph& graph, const std::vector<std::size_t>& moves,
                                 const std::function<bool()>& go_on) {
  std::optional<search::Bound> more_than;
  if (question.property->timed) more_than = static_cast<search::Bound>(question.limit);
  const auto witness = search::witness(graph, moves, more_than, go_on);
  if (!witness) return std::nullopt;
  Violation violation{.history = timed_history(race, question, graph, *witness), .finding = {}};
  const auto judgement =
      judge::judge_history(*question.property, violation.history, question.limit);
  SIM_ASSERT(judgement.finding);
  violation.finding = *judgement.finding;
  return violation;
}

ExploredRace explore_in_time(const engine::Race& race, const Question& question,
                             const search::StateBudget& budget, bool to_the_end) {
  const auto& property = *question.property;
  const auto monitor = property.monitor(rows_of(race, question), question.limit);
  engine::RaceGraph graph(race, *monitor, {.timing = &*question.timing});
  const auto limit = question.more_than.value_or(static_cast<search::Bound>(question.limit));
  const auto found = search::explore_timed(graph, budget, to_the_end, limit);
  ExploredRace result{.explored = found,
                      .too_long = found.too_long,
                      .zones = found.zones,
                      .worst = {},
                      .violation = {}};
  if (property.timed) result.worst = found.worst.value;
  if (!found.violation) return result;
  const bool worst = property.timed && to_the_end;
  result.violation = in_time(race, question, graph, worst ? found.worst.moves : *found.violation,
                             [&] { return budget.go_on(found); });
  result.explored.stopped |= !result.violation;
  return result;
}

}  // namespace

std::optional<search::Impossible> check_times(const engine::Race& race, const Question& question,
                                              const std::vector<Step>& steps,
                                              const std::vector<Duration>& times) {
  const auto monitor = question.property->monitor(rows_of(race, question), question.limit);
  engine::RaceGraph graph(race, *monitor, {.timing = &*question.timing});
  return search::check_times(graph, steps, times);
}

void set_time(Step& step, const engine::RaceTiming& timing, Duration since_start) {
  step.at = start_of_time + since_start;
  step.around = timing.around(step);
}

History timed_history(const engine::Race& race, const Question& question,
                      const engine::RaceGraph& graph, const search::Witness& witness) {
  History history{
      .steps = witness.steps, .finals = race.finals(graph.unpack(witness.last)), .in_time = true};
  for (std::size_t i = 0; i < history.steps.size(); ++i)
    set_time(history.steps[i], *question.timing, Duration(witness.times[i]));
  return history;
}

engine::Race race_of(const engine::Plan& plan, const strategy::Strategy& strategy,
                     const Question& question) {
  return {plan, strategy, question.timing.has_value()};
}

judge::Rows rows_of(const engine::Race& race, const Question& question) {
  const engine::Plan& plan = race.plan();
  judge::Rows rows{.start = {}, .keys = plan.keys()};
  for (const auto& script : plan.scripts)  // a command that is lost may be tried once more
    for (const auto& operation : script.operations)
      rows.newest += operation.kind == scenario::Operation::Kind::write;
  rows.newest += 1 + plan.faults.lose;
  if (race.strategy().script) rows.newest = engine::Race::versions_max;
  if (question.timing) {
    rows.in_time = true;
    rows.cache_lead = question.timing->head(EffectKind::cache_get).earliest;
    rows.read_min = question.timing->reply_to_read().earliest;
    rows.read_max = question.timing->reply_to_read().latest;
    rows.losses = plan.faults.lose;
    rows.replies = question.timing->shortest_replies();
  }
  for (Key row = 0; row < plan.rows.size(); ++row)
    rows.start.push_back(plan.starts[row] == scenario::KeyStart::absent ? 0 : 1);
  return rows;
}

ExploredRace explore_race(const engine::Race& race, const Question& question,
                          const search::StateBudget& budget, HowToExplore how) {
  if (question.property == &judge::loads_in_flight && race.strategy().reads_several)
    throw script::ScriptError(
        "loads-in-flight cannot count the rows of db.read_all yet; read row by row, ask for other "
        "properties, or enumerate with --count");
  if (question.timing) return explore_in_time(race, question, budget, how.to_the_end);
  const auto monitor = question.property->monitor(rows_of(race, question), question.limit);
  engine::RaceGraph graph(race, *monitor, {.symmetry = how.symmetry});
  ExploredRace result{.explored = search::explore(graph, budget, how.to_the_end),
                      .symmetric = graph.symmetric(),
                      .zones = {},
                      .worst = {},
                      .violation = {}};
  if (!result.explored.way.empty())
    result.violation = perform(race, question, graph.choices_along(result.explored.way));
  return result;
}

std::optional<Violation> shortest_violation(const engine::Race& race, const Question& question,
                                            const search::StateBudget& budget) {
  if (question.timing) return explore_in_time(race, question, budget, false).violation;
  const auto monitor = question.property->monitor(rows_of(race, question), question.limit);
  engine::RaceGraph graph(race, *monitor, {.remembers_violation = true, .keeps_places = true});
  const auto taken = search::shortest_violation(graph, budget);
  if (!taken) return std::nullopt;
  return perform(race, question, *taken);
}

}  // namespace cacherace::harness

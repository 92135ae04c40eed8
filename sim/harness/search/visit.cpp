#include "sim/harness/search/visit.hpp"

#include <algorithm>

#include "sim/search/enumerate.hpp"

namespace cacherace::harness {
namespace {

constexpr std::uint64_t schedules_max = 20'000'000;

// Says what a state takes, about.
class MeasuredRace : public engine::Race {
 public:
  explicit MeasuredRace(const engine::Race& race) : Race(race) {}
  static std::uint64_t bytes(const State& state) {
    return sizeof(State) + state.world.bytes() + state.tasks.size() * sizeof(TaskOf) +
           state.expiring.size() * sizeof(Expiring);
  }
};

}  // namespace

Seen nothing_seen(const Question& question) {
  Seen seen;
  seen.result.name = question.property->name;
  if (question.property->measures)
    seen.result.worst = report::Worst{.is_time = question.property->timed};
  return seen;
}

Judged judge(const History& history, const Question& question, Seen& seen) {
  const auto judgement = judge::judge_history(*question.property, history, question.limit);
  seen.arose |= judgement.arose;
  if (seen.result.worst)
    seen.result.worst->value = std::max(seen.result.worst->value, judgement.measured);
  if (judgement.finding && !seen.violation)
    seen.violation = Violation{.history = history, .finding = *judgement.finding};
  return {.arose = judgement.arose, .violates = judgement.finding.has_value()};
}

search::StateBudget state_budget(const SearchOptions& options, const GoOn& go_on) {
  return {.states_max = options.states_max,
          .bytes_max = options.bytes_max,
          .go_on = [&go_on](const search::Explored& explored) {
            return go_on({.strategy = {},
                          .property = {},
                          .states = explored.states,
                          .transitions = explored.transitions,
                          .depth = explored.depth,
                          .bytes = explored.bytes});
          }};
}

Seen visit_states(const engine::Race& race, const Question& question, const SearchOptions& options,
                  const GoOn& go_on) {
  auto found = explore_race(
      race, question, state_budget(options, go_on),
      {.symmetry = options.reduction == Reduction::all, .to_the_end = question.property->measures});
  Seen seen = nothing_seen(question);
  seen.result.visited = report::States{.states = found.explored.states,
                                       .zones = found.zones,
                                       .depth = found.explored.depth,
                                       .symmetry = found.symmetric};
  seen.result.transitions = found.explored.transitions;
  seen.result.exhausted = found.explored.exhausted();
  if (found.worst)
    seen.result.worst = report::Worst{.value = static_cast<std::uint64_t>(*found.worst),
                                      .unbounded = *found.worst == search::unbounded,
                                      .is_time = true};
  else if (seen.result.worst)
    seen.result.worst->value = found.explored.observed.measured;
  seen.worst = found.worst.value_or(0);
  seen.too_long = found.too_long;
  seen.arose = found.explored.observed.arose;
  seen.violation = std::move(found.violation);
  return seen;
}

std::vector<Seen> visit_schedules(const engine::Race& race, const std::vector<Question>& questions,
                                  const SearchOptions& options, const GoOn& go_on) {
  std::vector<Seen> seen;
  for (const auto& question : questions) seen.push_back(nothing_seen(question));
  const bool to_the_end =
      options.count || std::any_of(questions.begin(), questions.end(),
                                   [](const auto& q) { return q.property->measures; });
  const search::Budget budget{.schedules_max = options.schedules_max.value_or(schedules_max),
                              .steps_max = options.steps_max,
                              .bytes_max = options.bytes_max,
                              .go_on = [&](const search::Coverage& coverage) {
                                return go_on({.strategy = {},
                                              .property = {},
                                              .schedules = coverage.schedules,
                                              .transitions = coverage.transitions,
                                              .bytes = coverage.bytes});
                              }};
  std::vector<std::uint64_t> violating(questions.size());
  const MeasuredRace measured(race);
  const auto coverage = search::enumerate(measured, budget, [&](const History& history) {
    bool open = to_the_end;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      violating[i] += judge(history, questions[i], seen[i]).violates;
      open |= !seen[i].violation;
    }
    return open;
  });
  for (std::size_t i = 0; i < questions.size(); ++i) {
    report::Schedules visited{
        .schedules = coverage.schedules, .violating = {}, .cut = coverage.cut};
    if (options.count) visited.violating = violating[i];
    seen[i].result.visited = visited;
    seen[i].result.transitions = coverage.transitions;
    seen[i].result.exhausted = coverage.exhausted();
  }
  return seen;
}

}  // namespace cacherace::harness

#include "sim/harness/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/engine/replay.hpp"
#include "sim/harness/counterexample.hpp"
#include "sim/harness/explore_race.hpp"
#include "sim/judge/property.hpp"
#include "sim/scenario/saved_counterexample.hpp"

namespace cacherace::harness {
namespace {

// A saved race names each of its clients, so that none is spelled out.
engine::Plan plan_of(const scenario::SavedCounterexample& saved) {
  scenario::Scenario scenario = saved.scenario;
  scenario.race.clients = saved.clients;
  scenario.race.start = saved.start;
  scenario.race.faults = saved.faults;
  engine::Plan plan = engine::plan(scenario);
  for (std::size_t i = 0; i < saved.clients.size(); ++i)
    plan.scripts[i].client = saved.clients[i].name;
  return plan;
}

std::vector<engine::Label> schedule_of(const scenario::SavedCounterexample& saved) {
  std::vector<engine::Label> schedule;
  for (const auto& step : saved.steps)
    schedule.push_back({step.client, step.operation, step.effect, step.result});
  return schedule;
}

const scenario::Strategy* find_strategy(const scenario::Scenario& scenario,
                                        const std::string& name) {
  const auto found = std::find_if(scenario.strategies.begin(), scenario.strategies.end(),
                                  [&](const auto& strategy) { return strategy.name == name; });
  return found == scenario.strategies.end() ? nullptr : &*found;
}

Problems trouble(std::string_view file, std::string pointer, std::string fact) {
  return {{.kind = Problem::Kind::meaning,
           .file = std::string(file),
           .pointer = std::move(pointer),
           .fact = std::move(fact),
           .fix = ""}};
}

// The first step that cannot take effect when the file says.
std::optional<report::Replay::Divergence> untimely(const engine::Race& race,
                                                   const Question& question,
                                                   const std::vector<Step>& steps,
                                                   const scenario::SavedCounterexample& saved) {
  std::vector<Duration> times;
  for (const auto& step : saved.steps) times.push_back(step.at.value_or(Duration{0}));
  const auto found = check_times(race, question, steps, times);
  if (!found) return std::nullopt;
  const auto& step = saved.steps[found->step];
  return report::Replay::Divergence{
      .step = found->step + 1,
      .says = fmt::format("{} {} is said to take effect at {}, but {} {}", step.client, step.effect,
                          duration_text(times[found->step]),
                          found->too_early ? "it cannot before" : "something else has to happen by",
                          duration_text(found->bound))};
}

}  // namespace

Result<report::Replay> replay(std::string_view text, std::string_view file,
                              const scenario::Scenario* other) {
  const auto saved = scenario::load_counterexample(text, file);
  if (!saved) return saved.error();
  const auto* property = judge::find_property(saved->property);
  if (property == nullptr)
    return trouble(file, "/property", fmt::format("property \"{}\" is unknown", saved->property));
  const auto& scenario = other != nullptr ? *other : saved->scenario;
  const auto* settings = find_strategy(scenario, saved->strategy);
  if (settings == nullptr)
    return trouble(scenario.file, "/strategies",
                   fmt::format("there is no strategy \"{}\"", saved->strategy));

  const auto strategy = strategy::compose(*settings, scenario.clients.retries);
  Question question{.property = property, .limit = property->limit};
  if (saved->steps.front().at) question.timing = timing_of(scenario, strategy);
  const auto race = race_of(plan_of(*saved), strategy, question);
  const auto schedule = schedule_of(*saved);
  report::Replay result;
  auto replayed = engine::replay(race, schedule);
  result.title = scenario.title;
  result.strategy = saved->strategy;
  result.property = saved->property;
  for (std::size_t i = 0; i < replayed.history.steps.size(); ++i)
    if (question.timing)
      set_time(replayed.history.steps[i], *question.timing,
               saved->steps[i].at.value_or(Duration{0}));
  result.shown = describe_steps(race, replayed.history);
  if (question.timing) show_times(result.shown, replayed.history);
  if (replayed.divergence) {
    result.divergence = {.step = replayed.divergence->step, .says = replayed.divergence->says};
    return result;
  }
  if (question.timing)
    if (auto late = untimely(race, question, replayed.history.steps, *saved)) {
      result.divergence = std::move(late);
      return result;
    }
  const auto judgement = property->judge(replayed.history, property->limit);
  if (judgement.finding)
    result.shown = describe_counterexample(race, replayed.history, *judgement.finding, *property);
  if (question.timing) show_times(result.shown, replayed.history);
  if (!judgement.finding)
    result.divergence = {
        .step = 0,
        .says = fmt::format("the steps match, but {} is no longer violated", saved->property)};
  else if (result.shown.decisive != saved->decisive)
    result.divergence = {
        .step = 0,
        .says = fmt::format("the steps match, but the decisive one is {}, and the file says {}",
                            result.shown.decisive, saved->decisive)};
  else if (result.shown.digest != saved->digest)
    result.divergence = {
        .step = 0,
        .says = fmt::format("the steps match, but their digest is {}, and the file says {}",
                            result.shown.digest, saved->digest)};
  return result;
}

}  // namespace cacherace::harness

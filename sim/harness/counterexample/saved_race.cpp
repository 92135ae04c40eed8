#include "sim/harness/counterexample/saved_race.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cacherace::harness {
namespace {

// A saved race names each of its clients, so that none is spelled out. With groups, its rows have
// the places that they had in the whole race.
engine::Plan plan_of(const scenario::SavedCounterexample& saved) {
  scenario::Scenario scenario = saved.scenario;
  std::vector<std::string> rows;
  if (scenario.keys.groups > 1) rows = engine::plan(scenario).rows;
  scenario.race.clients = saved.clients;
  scenario.race.start = saved.start;
  scenario.race.faults = saved.faults;
  engine::Plan plan = engine::plan(scenario, rows);
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

}  // namespace

Result<SavedRace> load_saved_race(std::string_view text, std::string_view file,
                                  const scenario::Scenario* other) {
  auto saved = scenario::load_counterexample(text, file);
  if (!saved) return saved.error();
  const auto* property = judge::find_property(saved->property);
  if (property == nullptr)
    return trouble(file, "/property", fmt::format("property \"{}\" is unknown", saved->property));
  const scenario::Scenario scenario = other != nullptr ? *other : saved->scenario;
  const auto* settings = find_strategy(scenario, saved->strategy);
  if (settings == nullptr)
    return trouble(scenario.file, "/strategies",
                   fmt::format("there is no strategy \"{}\"", saved->strategy));

  SavedRace race{.saved = *std::move(saved),
                 .scenario = scenario,
                 .strategy = strategy::compose(*settings, scenario.clients.retries),
                 .question = {.property = property},
                 .plan = {},
                 .schedule = {},
                 .args = {}};
  race.question.limit = limit_of(race.scenario, race.saved.strategy, *property);
  if (race.saved.steps.front().at) race.question.timing = timing_of(race.scenario, race.strategy);
  race.plan = plan_of(race.saved);
  race.schedule = schedule_of(race.saved);
  for (const auto& step : race.saved.steps) race.args.push_back(step.args);
  return race;
}

}  // namespace cacherace::harness

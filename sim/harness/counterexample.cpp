#include "sim/harness/counterexample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "sim/engine/replay.hpp"

namespace cacherace::harness {
namespace {

bool any_reads(const engine::Script& script) {
  return std::any_of(script.operations.begin(), script.operations.end(), [](const auto& operation) {
    return operation.kind == scenario::Operation::Kind::read;
  });
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

report::Standing standing(const engine::Race& race, const engine::Race::State& state) {
  report::Standing now;
  const auto finals = race.finals(state);
  for (Key key = 0; key < finals.size(); ++key) {
    const std::string name = race.plan().key_name(key);
    const auto version = [](Version number) { return fmt::format("v{}", number); };
    if (finals[key].cached) now.cache.emplace_back(name, version(finals[key].cached_version));
    if (finals[key].row_version != 0)
      now.database.emplace_back(name, version(finals[key].row_version));
  }
  for (const auto choice : race.pending(state)) {
    const auto label = race.label(state, choice);
    now.pending.emplace_back(label.client, label.effect);
  }
  return now;
}

// `crash`, `lose`, … as budgets call it; nothing for a step that is no fault.
std::optional<std::string> fault_of(const Step& step) {
  if (step.turn == Turn::crashed) return "crash";
  if (step.turn == Turn::lost || step.turn == Turn::delayed) return "lose";
  if (step.actor != fault_actor) return std::nullopt;
  if (step.effect.kind == EffectKind::cache_flush) return "flush";
  return step.effect.kind == EffectKind::cache_restart ? "cache-restart" : "evict";
}

std::vector<std::pair<std::string, std::uint32_t>> faults_among(const std::vector<Step>& steps) {
  std::map<std::string, std::uint32_t> count;
  for (const Step& step : steps)
    if (const auto fault = fault_of(step)) ++count[*fault];
  return {count.begin(), count.end()};
}

}  // namespace

// A task stands on the side of the client that started it; what happens by itself on the right.
report::Counterexample describe_steps(const engine::Race& race, const History& history) {
  report::Counterexample shown;
  const auto& scripts = race.plan().scripts;
  for (const auto& script : scripts)
    (any_reads(script) ? shown.readers : shown.writers).push_back(script.client);
  std::vector<engine::Label> labels;
  for (const Step& step : history.steps) {
    const auto& label = labels.emplace_back(race.label(step));
    shown.steps.push_back({label.client, label.operation, label.effect, label.result, {}});
    const bool left = step.actor < replica_actor && any_reads(scripts[step.owner]);
    add_once(left ? shown.readers : shown.writers, label.client);
  }
  shown.context_switches = context_switches(history.steps);
  shown.faults = faults_among(history.steps);
  shown.digest = engine::digest(labels);
  engine::replay(race, labels, [&](const engine::Race::State& state) {
    shown.standings.push_back(standing(race, state));
  });
  return shown;
}

void show_times(report::Counterexample& shown, const History& history) {
  for (std::size_t i = 0; i < shown.steps.size(); ++i)
    shown.steps[i].at = (history.steps[i].at - history.steps.front().at).count();
}

report::Counterexample describe_counterexample(const engine::Race& race, const History& history,
                                               const judge::Finding& finding,
                                               const judge::Property& property) {
  auto shown = describe_steps(race, history);
  judge::Names names;
  for (const auto& step : shown.steps) names.who.push_back(step.client);
  for (Key key = 0; key < race.plan().keys(); ++key)
    names.keys.push_back(race.plan().key_name(key));
  shown.decisive = finding.decisive + 1;
  shown.says = property.explain(history, finding, names);
  return shown;
}

report::CounterexampleFile counterexample_file(const scenario::Scenario& scenario,
                                               const std::string& strategy,
                                               const engine::Plan& plan, std::string_view property,
                                               const report::Counterexample& shown) {
  report::CounterexampleFile file{.scenario_json = scenario.json,
                                  .strategy = strategy,
                                  .property = std::string(property),
                                  .clients = {},
                                  .starts = {},
                                  .counterexample = shown};
  std::vector<bool> used(plan.keys());
  for (const auto& script : plan.scripts) {
    auto& client = file.clients.emplace_back();
    client.name = script.client;
    for (const auto& operation : script.operations) {
      client.operations.push_back(plan.operation_name(operation));
      used[operation.key] = true;
    }
  }
  for (Key key = 0; key < plan.keys(); ++key)
    if (used[key]) file.starts.emplace_back(plan.key_name(key), name(plan.starts[key]));
  const auto& faults = plan.faults;
  for (const auto& [fault, count] :
       {std::pair{"crash", faults.crash}, std::pair{"evict", faults.evict},
        std::pair{"lose", faults.lose}, std::pair{"flush", faults.flush},
        std::pair{"cache-restart", faults.cache_restart}})
    if (count > 0) file.faults.emplace_back(fault, count);
  return file;
}

}  // namespace cacherace::harness

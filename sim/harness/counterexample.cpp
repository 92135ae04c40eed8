#include "sim/harness/counterexample.hpp"

#include <algorithm>

#include "sim/engine/replay.hpp"

namespace cacherace::harness {
namespace {

bool only_writes(const engine::Script& script) {
  return std::all_of(script.operations.begin(), script.operations.end(),
                     [](const auto& operation) { return operation.kind == OperationKind::write; });
}

}  // namespace

report::Counterexample describe_steps(const engine::Race& race, const History& history) {
  report::Counterexample shown;
  for (const auto& script : race.plan().scripts)
    (only_writes(script) ? shown.writers : shown.readers).push_back(script.client);
  std::vector<engine::Label> labels;
  bool clock_acts = false;
  for (const Step& step : history.steps) {
    const auto& label = labels.emplace_back(race.label(step));
    shown.steps.push_back({label.client, label.operation, label.effect, label.result});
    clock_acts |= step.actor == clock_actor;
  }
  if (clock_acts) shown.writers.push_back("clock");
  shown.context_switches = context_switches(history.steps);
  shown.digest = engine::digest(labels);
  return shown;
}

report::Counterexample describe_counterexample(const engine::Race& race, const History& history,
                                               const judge::Finding& finding,
                                               const judge::Property& property) {
  auto shown = describe_steps(race, history);
  judge::Names names{.clients = {}, .keys = race.plan().keys};
  for (const auto& script : race.plan().scripts) names.clients.push_back(script.client);
  shown.decisive = finding.decisive + 1;
  shown.says = property.explain(history, finding, names);
  return shown;
}

}  // namespace cacherace::harness

#include "sim/harness/counterexample/counterexample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "sim/engine/race/schedule.hpp"
#include "sim/harness/counterexample/repeated_looks.hpp"

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

std::uint32_t local_caches(const engine::Race& race) {
  const auto& layout = race.strategy().layout;
  return layout.local_caches || race.strategy().remembers ? layout.processes : 0;
}

std::string local_name(const engine::Race& race, std::uint32_t process) {
  const std::string name = race.strategy().script ? "memory" : "local cache";
  return local_caches(race) == 1 ? name : fmt::format("{} {}", name, process + 1);
}

// What the script finds in the entries of one cache, by the names that it gave them.
void note_entries(const engine::Race& race, const world::Cache& cache, std::uint32_t processes,
                  const std::function<report::Standing::Named&(std::uint32_t process)>& to) {
  auto& script = *race.strategy().script;
  for (world::SlotId slot = 0; slot < cache.slots(); ++slot) {
    const world::Name name = cache.names().name_of(slot);
    const world::Entry& entry = cache.peek(name, start_of_time);
    if (!entry.present()) continue;
    const bool is_named = name.space == world::Space::named;
    to(is_named ? name.key % processes : 0)
        .emplace_back(
            is_named ? script.name_of(name.key / processes + 1) : race.plan().key_name(name.key),
            script.shown(cache.value_of(name, entry)));
  }
}

// Names are numbered as threads meet them: their texts have one order.
void sort_named(report::Standing& now) {
  std::sort(now.cache.begin(), now.cache.end());
  for (auto& [name, local] : now.locals) std::sort(local.begin(), local.end());
}

report::Standing standing(const engine::Race& race, const engine::Race::State& state) {
  report::Standing now;
  const auto& world = state.world;
  for (std::uint32_t process = 0; process < local_caches(race); ++process)
    now.locals.emplace_back(local_name(race, process), report::Standing::Named{});
  if (race.strategy().script) {
    note_entries(race, world.cache, 1, [&](std::uint32_t) -> auto& { return now.cache; });
    if (!now.locals.empty())
      note_entries(race, world.locals, race.strategy().layout.processes,
                   [&](std::uint32_t process) -> auto& { return now.locals[process].second; });
    sort_named(now);
    for (const auto& [client, place] : race.places(state))
      now.places.push_back({.client = client, .line = place.line, .code = place.code});
  }
  for (Key key = 0; key < race.plan().keys(); ++key) {
    const std::string name = race.plan().key_name(key);
    if (const Version version = world.row(key); version != 0)
      now.database.emplace_back(name, fmt::format("v{}", version));
    if (race.strategy().script) continue;
    const auto note = [&](report::Standing::Named& named, const world::Entry& entry) {
      if (entry.answers()) named.emplace_back(name, fmt::format("v{}", entry.number));
    };
    note(now.cache, world.cache.peek(world.current_name(key), start_of_time));
    for (std::uint32_t process = 0; process < now.locals.size(); ++process)
      note(now.locals[process].second,
           world.locals.peek(world.local_name(key, process), start_of_time));
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
report::Counterexample describe_steps(const engine::Race& race, const History& history,
                                      std::optional<std::size_t> decisive) {
  report::Counterexample shown;
  const auto& scripts = race.plan().scripts;
  for (const auto& script : scripts)
    (any_reads(script) ? shown.readers : shown.writers).push_back(script.client);
  for (std::uint32_t process = 0; process < local_caches(race); ++process)
    shown.locals.push_back(local_name(race, process));
  std::vector<engine::Label> labels;
  const auto repeats = repeated_looks(history.steps);
  for (const Step& step : history.steps) {
    const auto& label = labels.emplace_back(race.label(step));
    auto& named = shown.steps.emplace_back();
    named.client = label.client;
    named.operation = label.operation;
    named.effect = label.effect;
    named.result = label.result;
    if (step.node != 0) {
      const auto place = race.place(step);
      named.line = place.line;
      named.code = place.code;
      named.notes = place.notes;
    }
    const std::size_t index = labels.size() - 1;
    if (repeats[index] && decisive != index) named.repeats = *repeats[index] + 1;
    const bool left = step.actor < replica_actor && any_reads(scripts[step.owner]);
    add_once(left ? shown.readers : shown.writers, label.client);
  }
  shown.context_switches = context_switches(history.steps);
  shown.faults = faults_among(history.steps);
  shown.digest = engine::digest(labels);
  engine::walk(
      race, history.steps,
      [&](const auto& before, const Step& step, const engine::Race::State& after) {
        auto& named = shown.steps[shown.standings.size()];
        named.args = race.args(before, step, after);
        if (const auto process = race.local_cache(before, step))
          named.local = local_name(race, *process);
        shown.standings.push_back(named.repeats ? report::Standing{} : standing(race, after));
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
  auto shown = describe_steps(race, history, finding.decisive);
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
  for (const auto& script : plan.scripts) {
    auto& client = file.clients.emplace_back();
    client.name = script.client;
    for (const auto& operation : script.operations)
      client.operations.push_back(plan.operation_name(operation));
  }
  // Operations touch aggregates that they do not name.
  for (Key key = 0; key < plan.keys(); ++key)
    file.starts.emplace_back(plan.key_name(key), name(plan.starts[key]));
  const auto& faults = plan.faults;
  for (const auto& [fault, count] :
       {std::pair{"crash", faults.crash}, std::pair{"evict", faults.evict},
        std::pair{"lose", faults.lose}, std::pair{"flush", faults.flush},
        std::pair{"cache-restart", faults.cache_restart}})
    if (count > 0) file.faults.emplace_back(fault, count);
  return file;
}

}  // namespace cacherace::harness

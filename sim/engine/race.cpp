#include "sim/engine/race.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::engine {
namespace {

using scenario::KeyStart;

Key index_of(std::vector<std::string>& keys, const std::string& name) {
  const auto found = std::find(keys.begin(), keys.end(), name);
  if (found != keys.end()) return static_cast<Key>(found - keys.begin());
  keys.push_back(name);
  return static_cast<Key>(keys.size() - 1);
}

OperationKind kind_of(const scenario::Operation& operation) {
  return operation.kind == scenario::Operation::Kind::read ? OperationKind::read
                                                           : OperationKind::write;
}

std::string result_text(const Effect& effect, const Reply& reply) {
  switch (effect.kind) {
    case EffectKind::cache_get:
      return reply.found ? fmt::format("hit v{}", reply.version) : "miss";
    case EffectKind::cache_set:
      return fmt::format("stored v{}", effect.version);
    case EffectKind::cache_del:
      return reply.found ? fmt::format("deleted v{}", reply.version) : "no entry";
    case EffectKind::cache_expire:
      return fmt::format("expired v{}", reply.version);
    case EffectKind::db_read:
      return reply.found ? fmt::format("row v{}", reply.version) : "no row";
    case EffectKind::db_write:
      return fmt::format("committed v{}", reply.version);
  }
  SIM_ASSERT(false);
  return {};
}

}  // namespace

std::string to_text(const Label& label) { return label.client + " " + label.effect; }

Plan plan(const scenario::Race& race) {
  Plan result;
  for (const auto& client : race.clients) {
    Script script;
    for (const auto& operation : client.operations)
      script.operations.push_back({kind_of(operation), index_of(result.keys, operation.key)});
    for (std::uint32_t i = 1; i <= client.count; ++i) {
      script.client = fmt::format("{}-{}", client.name, i);
      result.scripts.push_back(script);
    }
  }
  for (const auto& [key, start] : race.start.keys) index_of(result.keys, key);
  result.starts.assign(result.keys.size(), race.start.all);
  for (const auto& [key, start] : race.start.keys)
    result.starts[index_of(result.keys, key)] = start;
  return result;
}

Race::Race(Plan plan, strategy::Strategy strategy)
    : plan_(std::move(plan)), strategy_(std::move(strategy)) {
  SIM_ASSERT(plan_.scripts.size() < clock_actor);
}

Race::State Race::initial() const {
  State state{world::World(static_cast<Key>(plan_.keys.size()), plan_.scripts.size()),
              std::vector<std::uint16_t>(plan_.scripts.size()),
              {},
              0};
  for (Key key = 0; key < plan_.keys.size(); ++key) {
    if (plan_.starts[key] == KeyStart::absent) state.world.database.start_absent(key);
    if (plan_.starts[key] != KeyStart::warm) continue;
    const Effect stored{.kind = EffectKind::cache_set,
                        .key = key,
                        .version = state.world.database.read(key).version,
                        .ttl = strategy_.ttl};
    state.world.perform(stored, start_of_time);
    note_entry(state, stored);
  }
  state.warm = state.expiring.size();
  for (Actor actor = 0; actor < plan_.scripts.size(); ++actor) begin(state, actor);
  return state;
}

// Starts the client's current operation, if there is one left. A client that is done is left in one
// and the same state, whatever it did.
void Race::begin(State& state, Actor actor) const {
  auto& client = state.world.clients[actor];
  client = {};
  const auto& operations = plan_.scripts[actor].operations;
  if (state.operation[actor] == operations.size()) return;
  const Planned& planned = operations[state.operation[actor]];
  strategy_.begin(client, planned.kind, planned.key);
}

// Keeps the order of expiry after an effect on the cache.
void Race::note_entry(State& state, const Effect& effect) {
  if (is_database(effect.kind) || effect.kind == EffectKind::cache_get) return;
  auto& expiring = state.expiring;
  const auto known = std::find(expiring.begin(), expiring.end(), effect.key);
  if (known != expiring.end()) {
    if (known - expiring.begin() < static_cast<std::ptrdiff_t>(state.warm)) --state.warm;
    expiring.erase(known);
  }
  if (effect.kind == EffectKind::cache_set && effect.ttl != Duration::max())
    expiring.push_back(effect.key);
}

Race::Choices Race::pending(const State& state) const {
  Choices choices;
  for (Actor actor = 0; actor < plan_.scripts.size(); ++actor)
    if (state.world.clients[actor].busy()) choices.push_back({.actor = actor});
  if (choices.empty()) return choices;
  const std::size_t next =
      state.warm > 0 ? state.warm : std::min<std::size_t>(1, state.expiring.size());
  for (std::size_t i = 0; i < next; ++i)
    choices.push_back({.actor = clock_actor, .key = state.expiring[i]});
  return choices;
}

Step Race::step(State& state, Choice choice) const {
  if (choice.actor == clock_actor) {
    Step expiry{.actor = clock_actor,
                .effect = {.kind = EffectKind::cache_expire, .key = choice.key}};
    expiry.reply = state.world.perform(expiry.effect, start_of_time);
    note_entry(state, expiry.effect);
    return expiry;
  }
  auto& client = state.world.clients[choice.actor];
  auto& operation = state.operation[choice.actor];
  Step step{.actor = choice.actor,
            .operation = operation,
            .serves = client.operation,
            .effect = client.pending};
  step.reply = state.world.perform(step.effect, start_of_time);
  note_entry(state, step.effect);
  strategy_.resume(client, step.reply);
  if (!client.busy()) {
    step.completes = true;
    step.answer = client.answer;
    ++operation;
    begin(state, choice.actor);
  }
  return step;
}

std::vector<FinalKey> Race::finals(const State& state) const {
  std::vector<FinalKey> finals;
  for (Key key = 0; key < plan_.keys.size(); ++key) {
    const auto& entry = state.world.cache.entry(key);
    finals.push_back({.cached = entry.present,
                      .cached_version = entry.version,
                      .row_version = state.world.database.read(key).version});
  }
  return finals;
}

std::string Race::client_name(Actor actor) const {
  return actor == clock_actor ? "clock" : plan_.scripts[actor].client;
}

std::string Race::operation_name(Actor actor, std::size_t operation) const {
  if (actor == clock_actor) return "";
  const Planned& planned = plan_.scripts[actor].operations[operation];
  return fmt::format("{} {}", name(planned.kind), key_name(planned.key));
}

Label Race::label(const State& state, Choice choice) const {
  const bool clock = choice.actor == clock_actor;
  const Effect effect = clock ? Effect{.kind = EffectKind::cache_expire, .key = choice.key}
                              : state.world.clients[choice.actor].pending;
  return {.client = client_name(choice.actor),
          .operation = operation_name(choice.actor, clock ? 0 : state.operation[choice.actor]),
          .effect = fmt::format("{} {}", name(effect.kind), key_name(effect.key)),
          .result = ""};
}

Label Race::label(const Step& step) const {
  return {.client = client_name(step.actor),
          .operation = operation_name(step.actor, step.operation),
          .effect = fmt::format("{} {}", name(step.effect.kind), key_name(step.effect.key)),
          .result = result_text(step.effect, step.reply)};
}

}  // namespace cacherace::engine

// What may happen next in a race.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::engine {
namespace {

using Kind = Choice::Kind;

// The other outcome of an effect is possible as well.
bool has_other_outcome(const world::World& world, const Effect& effect) {
  if (!may_branch(effect.kind)) return false;
  if (effect.kind == EffectKind::wait) return true;
  if (effect.kind == EffectKind::filter_check) return !world.filter->probably_has(effect.key);
  SIM_ASSERT(effect.kind == EffectKind::cache_get);
  if (!effect.may_be_early) return false;
  const auto& entry = world.cache.peek(world.name_of(effect), start_of_time);
  return entry.answers() && entry.expires_at != never;
}

}  // namespace

Race::Choices Race::pending(const State& state) const {
  Choices choices;
  const auto& clients = state.world.clients;
  const bool done = std::none_of(clients.begin(), clients.end(),
                                 [](const auto& client) { return client.busy(); });
  if (done) return choices;
  for (std::size_t actor = 0; actor < clients.size(); ++actor)
    if (clients[actor].busy()) add_client_choices(state, static_cast<Actor>(actor), choices);
  add_clock_choices(state, choices);
  for (Actor actor = 0; actor < planned(); ++actor) add_crash(state, actor, choices);
  for (std::size_t actor = 0; actor < clients.size(); ++actor)
    add_losses(state, static_cast<Actor>(actor), choices);
  add_cache_faults(state, choices);
  if (choices.empty()) refuse_deadlock(state);
  return choices;
}

void Race::refuse_deadlock(const State& state) const {
  SIM_ASSERT(strategy_.script);
  std::string waiting;
  script::ScriptError error("");
  for (std::size_t actor = 0; actor < state.world.clients.size(); ++actor) {
    const auto& client = state.world.clients[actor];
    if (!client.busy()) continue;
    const Actor owner =
        actor < planned() ? static_cast<Actor>(actor) : state.tasks[actor - planned()].owner;
    const auto& request = strategy_.script->request(client.node);
    const std::string at = plan_.scripts[owner].client + " at " + request.shown;
    const std::string file = strategy_.script->line(request.file, request.line).file;
    if (waiting.empty()) error = script::ScriptError(file, request.line, "");
    error.stack.push_back(fmt::format("{}, {}:{}", at, file, request.line));
    waiting += (waiting.empty() ? "" : ", ") + at;
  }
  script::ScriptError deadlock(error.path, error.line, "a deadlock: nobody can go on; " + waiting);
  deadlock.stack = error.stack;
  throw deadlock;
}

void Race::add_client_choices(const State& state, Actor actor, Choices& choices) const {
  const auto& world = state.world;
  const auto& pending = world.clients[actor].pending;
  const bool waits = pending.kind == EffectKind::wait;
  if (waits ? any_time_ || world.worth_polling(actor, start_of_time) : world.enabled(actor)) {
    // A query of the replicas may be answered by any of them.
    const std::uint32_t answers = pending.from_replica                 ? strategy_.layout.replicas
                                  : pending.kind == EffectKind::choose ? pending.token
                                                                       : 1;
    for (std::uint32_t i = 0; i < answers; ++i) choices.push_back({.actor = actor, .which = i});
  }
  if (has_other_outcome(world, pending)) choices.push_back({.kind = Kind::branch, .actor = actor});
}

// Of two entries the one that was stored first expires first, if its TTL is not longer. Those that
// were there at the start were stored in any order.
bool Race::may_expire(const State& state, std::size_t which) const {
  const Expiring& entry = state.expiring[which];
  for (std::size_t i = 0; i < which; ++i) {
    const Expiring& earlier = state.expiring[i];
    if (earlier.max <= entry.min && !(earlier.warm && entry.warm)) return false;
  }
  return true;
}

// The same order holds for soft expiries, which all come after the same time.
bool Race::may_soften(const State& state, std::size_t which) const {
  const Expiring& entry = state.expiring[which];
  for (std::size_t i = 0; i < which; ++i) {
    const Expiring& earlier = state.expiring[i];
    if (is_to_soften(state.world, earlier) && !(earlier.warm && entry.warm)) return false;
  }
  return true;
}

bool Race::expires(const world::World& world, const Expiring& entry) const {
  const auto& cache = entry.local ? world.locals : world.cache;
  return cache.peek(entry.name, start_of_time).expires_at != never;
}

bool Race::is_to_soften(const world::World& world, const Expiring& entry) const {
  if (entry.local) return false;
  const SimTime soft = world.cache.peek(entry.name, start_of_time).soft_at;
  return soft != never && soft >= start_of_time;
}

Race::Due Race::due(const world::World& world, const Expiring& entry) const {
  if (is_to_soften(world, entry)) {
    const Duration soft = world.cache.peek(entry.name, start_of_time).soft_at - start_of_time;
    return {soft, soft};
  }
  if (expires(world, entry)) return {entry.min, entry.max};
  return {Duration::max(), Duration::max()};
}

// An entry with a soft expiry passes it before it expires.
void Race::add_clock_choices(const State& state, Choices& choices) const {
  for (std::uint32_t i = 0; i < state.expiring.size(); ++i) {
    const Expiring& entry = state.expiring[i];
    if (is_to_soften(state.world, entry)) {
      if (any_time_ || may_soften(state, i))
        choices.push_back({.kind = Kind::soften, .actor = clock_actor, .which = i});
    } else if (expires(state.world, entry) && (any_time_ || may_expire(state, i))) {
      choices.push_back({.kind = entry.local ? Kind::expire_local : Kind::expire,
                         .actor = clock_actor,
                         .which = i});
    }
  }
  for (std::uint32_t replica = 0; replica < state.world.database.replicas(); ++replica)
    if (state.world.database.behind(replica))
      choices.push_back({.kind = Kind::apply, .actor = replica_actor, .which = replica});
}

// Keeps the order of expiry after an effect, and says how many entries it has put at its end.
std::uint8_t Race::note_entries(State& state, const Effect& effect, const Reply& reply,
                                bool warm) const {
  const auto& world = state.world;
  std::uint8_t count = 0;
  std::erase_if(state.expiring, [&](const Expiring& entry) {
    const auto& cache = entry.local ? world.locals : world.cache;
    const auto& there = cache.peek(entry.name, start_of_time);
    return there.expires_at == never && there.soft_at == never;
  });
  const auto stored = [&](const world::Name& name, Duration ttl, Duration spread = {},
                          bool local = false) {
    const auto& cache = local ? world.locals : world.cache;
    const auto& there = cache.peek(name, start_of_time);
    if (there.expires_at == never && there.soft_at == never) return;
    std::erase_if(state.expiring, [&](const Expiring& entry) {
      return entry.name == name && entry.local == local;
    });
    state.expiring.push_back(
        {.name = name, .local = local, .warm = warm, .min = ttl - spread, .max = ttl + spread});
    ++count;
  };
  const world::Name value = world.name_of(effect);
  const auto& layout = strategy_.layout;
  switch (effect.kind) {
    case EffectKind::cache_set:
    case EffectKind::cache_set_ttl:
      if (reply.found && !effect.keeps_ttl) stored(value, effect.ttl, effect.ttl_spread);
      break;
    case EffectKind::cache_write:
      stored(value, effect.ttl, effect.ttl_spread);
      break;
    case EffectKind::cache_del:
      if (!reply.refused && effect.leaves != Leaves::nothing) stored(value, effect.ttl);
      if (layout.stale_values && reply.found)
        stored({world::Space::stale, effect.key}, *layout.stale_values);
      break;
    case EffectKind::cache_lease_get:
      if (!reply.found && !reply.refused)
        stored({world::Space::lease, effect.key}, layout.lease_ttl);
      break;
    case EffectKind::cache_lock:
      if (reply.found) stored({world::Space::lock, effect.key}, effect.ttl);
      break;
    case EffectKind::cache_mark:
      stored(world.marker_name(effect.key), effect.ttl);
      break;
    case EffectKind::memory_set:
      if (effect.ttl != Duration::max())
        stored({world::Space::named, (effect.named - 1) * layout.processes + reply.token},
               effect.ttl, {}, true);
      break;
    case EffectKind::local_set:
      stored(world.local_name(effect.key, reply.token), effect.ttl, {}, true);
      break;
    default:
      SIM_ASSERT(!may_start_a_time(effect.kind));
  }
  return count;
}

}  // namespace cacherace::engine

// The faults of a race: when the budget allows one, and what one does.

#include <algorithm>
#include <string>
#include <utility>

#include "sim/engine/race/race.hpp"

namespace cacherace::engine {
namespace {

using Kind = Choice::Kind;

// Messages to the cache and the database can be lost.
bool may_be_lost(const world::Client& client) {
  const bool message =
      client.task == Task::tell || (client.task == Task::message && !client.under_way);
  return (party(client.pending.kind) != Party::process || message) && client.task != Task::mishap;
}

bool effect_is_exec(const Effect& effect) {
  return effect.kind == EffectKind::cache_block && effect.token == block_if_unchanged;
}

bool may_be_late(const world::Client& client) {
  // A transaction that begins when nobody waits for it any more is never committed: it is lost.
  const Effect& pending = client.pending;
  if (pending.in_transaction && pending.kind != EffectKind::db_commit) return false;
  return may_be_lost(client) && client.task != Task::tell && client.task != Task::late &&
         client.pending.kind != EffectKind::db_begin &&
         client.pending.kind != EffectKind::cache_keys &&
         client.pending.kind != EffectKind::cache_scan &&
         client.pending.kind != EffectKind::cache_del_listed;
}

}  // namespace

// ---- offered -----------------------------------------------------------------------------------

// A client dies within an operation, between two, or while a task of its process is still to come.
bool Race::may_crash(const State& state, Actor actor) const {
  const auto& client = state.world.clients[actor];
  const bool has_begun = client.under_way || state.operation[actor] > 0;
  if (client.busy() && has_begun) return true;
  for (std::size_t task = 0; task < state.tasks.size(); ++task)
    if (state.world.clients[planned() + task].busy() && state.tasks[task].owner == actor &&
        !state.tasks[task].durable)
      return true;
  return false;
}

void Race::add_crash(const State& state, Actor actor, Choices& choices) const {
  if (state.faults.crash > 0 && may_crash(state, actor))
    choices.push_back({.kind = Kind::crash, .actor = actor});
}

void Race::add_losses(const State& state, Actor actor, Choices& choices) const {
  const auto& client = state.world.clients[actor];
  if (state.faults.lose == 0 || !client.busy() || !state.world.enabled(actor)) return;
  if (may_be_lost(client)) choices.push_back({.kind = Kind::lose, .actor = actor});
  if (may_be_late(client)) choices.push_back({.kind = Kind::delay, .actor = actor});
}

void Race::add_cache_faults(const State& state, Choices& choices) const {
  const auto& cache = state.world.cache;
  if (state.faults.evict > 0) {
    const std::size_t first = choices.size();
    for (world::SlotId slot = 0; slot < cache.slots(); ++slot)
      if (cache.entry(slot).present())
        choices.push_back({.kind = Kind::evict, .actor = fault_actor, .which = slot});
    // A script's names are numbered as threads meet them: their texts have one order.
    const auto place = [&](const Choice& choice) {
      const world::Name name = cache.names().name_of(choice.which);
      return std::pair(name.space == world::Space::named ? strategy_.script->name_of(name.key + 1)
                                                         : std::string(),
                       choice.which);
    };
    if (strategy_.script)
      std::sort(choices.begin() + static_cast<std::ptrdiff_t>(first), choices.end(),
                [&](const Choice& a, const Choice& b) { return place(a) < place(b); });
  }
  const bool empty = cache.present() == 0;
  if (state.faults.flush > 0 && !empty)
    choices.push_back({.kind = Kind::flush, .actor = fault_actor});
  // A restart may also reach the copies in processes.
  if (state.faults.cache_restart > 0 && (!empty || state.world.locals.present() > 0))
    choices.push_back({.kind = Kind::cache_restart, .actor = fault_actor});
}

// ---- spent -------------------------------------------------------------------------------------

// The client dies, with the tasks that live in its process.
void Race::crash(State& state, Actor actor) const {
  --state.faults.crash;
  state.world.crash(actor);
  state.world.take_woken();
  if (strategy_.script) strategy_.script->leave(state.world.clients[actor]);
  state.world.clients[actor] = {};
  state.operation[actor] = static_cast<std::uint16_t>(plan_.scripts[actor].operations.size());
  for (std::size_t task = state.tasks.size(); task-- > 0;) {
    const auto slot = static_cast<Actor>(planned() + task);
    if (slot >= state.world.clients.size() || !state.world.clients[slot].busy()) continue;
    if (state.tasks[task].owner != actor || state.tasks[task].durable) continue;
    state.world.crash(slot);
    end_task(state, slot);
  }
}

// What becomes of the client's message, which is lost or comes late.
void Race::lose(State& state, const Step& step, Choice choice) const {
  --state.faults.lose;
  if (choice.kind == Kind::delay) {
    const auto sender = state.world.clients[choice.actor];
    const Actor late = take_slot(state, {.owner = step.owner, .number = 1, .durable = true});
    auto& client = state.world.clients[late];
    client.self = sender.self;
    client.process = sender.process;
    if (effect_is_exec(step.effect)) {  // on the connection that it was sent by
      client.self = token_of(step.owner, step.operation, Task::late, step.number);
      state.world.cache.hand_watching_over(sender.self, client.self);
    }
    // The flush has long gone on, and so has the clock of its queue. A lock or a lease is taken for
    // nobody: the client that asked for it does not know its token.
    Effect effect = step.effect;
    if (effect.kind == EffectKind::cache_clean) effect.token = 0;
    if (effect.kind == EffectKind::cache_lock || effect.kind == EffectKind::cache_lease_get)
      effect.token = token_of(step.owner, step.operation, Task::late, step.number);
    // A late commit keeps its transaction open, whatever becomes of the sender.
    client.node = sender.node;
    if (step.effect.kind == EffectKind::db_commit)
      client.transaction = std::exchange(state.world.clients[choice.actor].transaction, {});
    if (step.effect.kind == EffectKind::db_commit)
      client.began = std::exchange(state.world.clients[choice.actor].began, false);
    strategy_.begin(client, Task::late, effect);
  }
  if (choice.kind == Kind::lose && step.effect.kind == EffectKind::db_commit)
    state.world.roll_back(choice.actor);  // with its connection
}

Step Race::evict(State& state, Choice choice) const {
  Step step{.actor = choice.actor};
  auto& world = state.world;
  --state.faults.evict;
  const world::Name name = world.cache.names().name_of(choice.which);
  step.effect = {.kind = EffectKind::cache_evict, .key = name.key};
  if (name.space == world::Space::named) {
    step.effect.key = key_of(name);
    step.effect.named = name.key + 1;
  }
  if (name.space == world::Space::value) {
    step.effect.name_version = name.name_version;
    step.reply = world.perform(step.effect, world::no_client, start_of_time);
  } else {
    step.reply = {.found = true};
    world.cache.remove(name);
  }
  step.effect.token = static_cast<std::uint32_t>(name.space);
  note_entries(state, step.effect, step.reply, false);
  return step;
}

// By a flush or a restart.
Step Race::empty_cache(State& state, Choice choice) const {
  Step step{.actor = fault_actor};
  const bool flush = choice.kind == Kind::flush;
  step.effect.kind = flush ? EffectKind::cache_flush : EffectKind::cache_restart;
  --(flush ? state.faults.flush : state.faults.cache_restart);
  perform(state, step, world::no_client, false);
  return step;
}

// The messages to first-level caches came by connections to the server that restarts.
void Race::lose_messages(State& state) const {
  for (std::size_t task = state.tasks.size(); task-- > 0;) {
    const auto slot = static_cast<Actor>(planned() + task);
    if (slot >= state.world.clients.size()) continue;
    const auto& client = state.world.clients[slot];
    if (client.task == Task::tell || (client.task == Task::message && !client.under_way))
      end_task(state, slot);
  }
}

}  // namespace cacherace::engine

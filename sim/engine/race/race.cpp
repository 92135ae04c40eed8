#include "sim/engine/race/race.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/engine/prefill.hpp"

namespace cacherace::engine {
namespace {

using Kind = Choice::Kind;
using scenario::KeyStart;
using scenario::Operation;

EffectKind mishap(Operation::Kind kind) {
  return kind == Operation::Kind::evict   ? EffectKind::cache_evict
         : kind == Operation::Kind::flush ? EffectKind::cache_flush
                                          : EffectKind::cache_restart;
}

// And no mishap.
bool is_operation(const Planned& planned) {
  return planned.kind == Operation::Kind::read || planned.kind == Operation::Kind::write ||
         planned.kind == Operation::Kind::call;
}

}  // namespace

std::uint32_t Race::token_of(Actor owner, std::uint16_t operation, Task task,
                             std::uint16_t number) {
  constexpr std::uint32_t owners = 1 << 13, tasks = 16, numbers = 8;
  const std::uint32_t which =
      (operation * tasks + static_cast<std::uint32_t>(task)) * numbers + number % numbers;
  return which * owners + owner + 1;
}

Race::Race(Plan plan, strategy::Strategy strategy, bool any_time)
    : plan_(std::move(plan)), strategy_(std::move(strategy)), any_time_(any_time) {
  SIM_ASSERT(planned() < replica_actor);
  auto& layout = strategy_.layout;
  layout.rows = static_cast<Key>(plan_.rows.size());
  layout.derived = plan_.derived;
  layout.known = plan_.known;
  layout.replicas = plan_.replicas;
  layout.groups = plan_.groups;
  // A filter with a bit for each key is never wrong: whether it is, is a choice.
  if (strategy_.make_script)
    strategy_.script = strategy_.make_script(row_names(), {.sleeps = any_time_,
                                                           .replicas = layout.replicas,
                                                           .rows = layout.rows,
                                                           .versions_max = versions_max});
  if (layout.filter) layout.filter = scenario::BloomFilter{.bits = plan_.keys(), .hashes = 0};
}

strategy::RowNames Race::row_names() const {
  return {.rows = plan_.rows,
          .key_of = [rows = plan_.rows](std::string_view name) -> std::optional<Key> {
            const auto row = std::find(rows.begin(), rows.end(), name);
            if (row == rows.end()) return std::nullopt;
            return static_cast<Key>(row - rows.begin());
          },
          .name_of = [plan = plan_](Key key) { return plan.key_name(key); }};
}

// ---- the start ---------------------------------------------------------------------------------

Race::State Race::initial() const {
  State state{.world = world::World(strategy_.layout, planned()),
              .operation = std::vector<std::uint16_t>(planned()),
              .tasks = {},
              .expiring = {},
              .faults = plan_.faults};
  for (Key key = 0; key < plan_.keys(); ++key) {
    const Key row = strategy_.layout.row_of(key);
    const bool absent = plan_.starts[row] == KeyStart::absent;
    if (absent && key == row) state.world.database.start_absent(row);
    if (!absent && state.world.filter) state.world.filter->add(key);
  }
  for (Key key = 0; key < plan_.keys(); ++key)
    if (plan_.starts[key] == KeyStart::warm) warm_up(state, key);
  for (Actor actor = 0; actor < planned(); ++actor) begin(state, actor);
  return state;
}

void Race::warm_up(State& state, Key key) const {
  if (strategy_.script) {  // after a read that ran alone
    if (key >= plan_.rows.size()) return;
    return read_alone(strategy_, state.world, key, [&](const Effect& effect, const Reply& reply) {
      note_entries(state, effect, reply, true);
    });
  }
  const Effect stored = prefill_effect(strategy_, state.world, key, start_of_time);
  const Reply reply = state.world.perform(stored, world::no_client, start_of_time);
  note_entries(state, stored, reply, true);
}

// Starts the client's current operation, if there is one left. A client that is done is left in one
// and the same state, whatever it did.
void Race::begin(State& state, Actor actor) const {
  auto& client = state.world.clients[actor];
  client = {};
  const auto& operations = plan_.scripts[actor].operations;
  if (state.operation[actor] == operations.size()) return;
  if (names_clients()) client.self = token_of(actor, state.operation[actor]);
  client.process = process_of(actor);
  const Planned& next = operations[state.operation[actor]];
  if (strategy_.script && is_operation(next)) {
    begin_script(client, next);
    return start_tasks(state, actor);
  }
  if (next.kind == Operation::Kind::read || next.kind == Operation::Kind::write)
    strategy_.begin(client,
                    next.kind == Operation::Kind::read ? OperationKind::read : OperationKind::write,
                    next.key);
  else
    strategy_.begin(client, Task::mishap, {.kind = mishap(next.kind), .key = next.key});
}

void Race::begin_script(world::Client& client, const Planned& operation) const {
  client.key = operation.key;
  if (operation.kind == Operation::Kind::call)
    strategy_.script->begin(client, operation.function, operation.arguments);
  else
    strategy_.script->begin(client, operation.kind == Operation::Kind::read ? OperationKind::read
                                                                            : OperationKind::write);
  client.take_issued();
}

// ---- background tasks --------------------------------------------------------------------------

// A place for a task: the lowest that is free.
Actor Race::take_slot(State& state, TaskOf task) const {
  auto& clients = state.world.clients;
  std::size_t slot = planned();
  while (slot < clients.size() && clients[slot].busy()) ++slot;
  SIM_ASSERT(slot < replica_actor);
  if (slot == clients.size()) {
    clients.emplace_back();
    state.tasks.emplace_back();
  }
  state.tasks[slot - planned()] = task;
  clients[slot] = {};
  return static_cast<Actor>(slot);
}

void Race::start_task(State& state, Actor owner, const world::Client& starter,
                      const world::Start& start, std::uint32_t number) const {
  TaskOf task{.owner = owner, .number = 1, .durable = start.durable};
  for (std::size_t other = 0; other < state.tasks.size(); ++other) {
    const auto& busy = state.world.clients[planned() + other];
    if (busy.busy() && busy.task == start.task && state.tasks[other].owner == owner)
      task.number = std::max<std::uint16_t>(task.number, state.tasks[other].number + 1U);
  }
  const Actor slot = take_slot(state, task);
  auto& client = state.world.clients[slot];
  if (names_clients())
    client.self = token_of(owner, state.operation[owner], start.task, task.number);
  const std::uint32_t processes = strategy_.layout.processes;
  client.process = start.task == Task::tell      ? (starter.process + 1 + number) % processes
                   : start.task == Task::message ? number
                                                 : starter.process;
  strategy_.begin(client, starter, start);
}

void Race::start_tasks(State& state, Actor actor) const {
  const auto& from = state.world.clients[actor];
  if (from.started[0].task == Task::none && !from.spawned) return;
  const auto starter = from;  // its place may be taken by a task of its own
  state.world.clients[actor].started = {};
  state.world.clients[actor].spawned = {};
  const Actor owner = actor < planned() ? actor : state.tasks[actor - planned()].owner;
  const auto all_of = [&](const world::Start& start) {
    for (std::uint32_t i = 0; start.task != Task::none && i < start.count; ++i)
      start_task(state, owner, starter, start, i);
  };
  for (const auto& start : starter.started) all_of(start);
  if (starter.spawned)
    for (const auto& start : *starter.spawned) all_of(start);
}

// A task that is done leaves no trace.
void Race::end_task(State& state, Actor actor) const {
  auto& clients = state.world.clients;
  clients[actor] = {};
  state.tasks[actor - planned()] = {};
  while (clients.size() > planned() && !clients.back().busy()) {
    clients.pop_back();
    state.tasks.pop_back();
  }
}

// ---- steps -------------------------------------------------------------------------------------

Step Race::preview(const State& state, Choice choice) const {
  Step step{.actor = choice.actor};
  if (choice.actor >= replica_actor) return step;
  const auto& client = state.world.clients[choice.actor];
  step.serves = client.operation;
  step.effect = client.pending;
  step.subject = client.key;
  step.node = client.active == world::Slot::script ? client.node : 0;
  if (choice.actor < planned()) {
    step.owner = choice.actor;
    step.operation = state.operation[choice.actor];
  } else {
    const auto& task = state.tasks[choice.actor - planned()];
    step.owner = task.owner;
    step.task = client.task;
    step.number = task.number;
  }
  step.turn = choice.kind == Kind::crash    ? Turn::crashed
              : choice.kind == Kind::lose   ? Turn::lost
              : choice.kind == Kind::delay  ? Turn::delayed
              : choice.kind == Kind::branch ? Turn::branched
                                            : Turn::taken;
  return step;
}

Step Race::step(State& state, Choice choice) const {
  switch (choice.kind) {
    case Kind::expire:
    case Kind::soften:
    case Kind::expire_local:
      return entry_step(state, choice);
    case Kind::evict:
      return evict(state, choice);
    case Kind::apply: {
      Step step{.actor = replica_actor};
      step.effect = {.kind = EffectKind::db_apply,
                     .key = state.world.database.next_to_apply(choice.which),
                     .token = choice.which};
      perform(state, step, world::no_client, false);
      return step;
    }
    case Kind::flush:
    case Kind::cache_restart:
      return empty_cache(state, choice);
    default:
      return client_step(state, choice);
  }
}

Step Race::client_step(State& state, Choice choice) const {
  Step step = preview(state, choice);
  if (choice.kind == Kind::crash) {
    crash(state, choice.actor);
    return step;
  }
  if (step.effect.from_replica) step.effect.token = choice.which;
  if (step.effect.kind == EffectKind::choose) step.effect.token = choice.which + 1;
  if (step.happened()) {
    perform(state, step, choice.actor, choice.kind == Kind::branch);
    strategy_.start_followers(state.world.clients[choice.actor], step.effect, step.reply);
    resume(state, step, step.reply);
    perform_inner(state, step);
    conclude(state, step);
    return step;
  }
  lose(state, step, choice);
  step.reply.failed = true;
  auto& client = state.world.clients[choice.actor];
  if (client.task == Task::message && !client.under_way) {  // nobody gets it
    end_task(state, choice.actor);
    return step;
  }
  resume(state, step, step.reply);
  perform_inner(state, step);
  conclude(state, step);
  return step;
}

// What a script does at the same moment: the commands of a block, the rows of a commit.
void Race::perform_inner(State& state, Step& step) const {
  const auto busy = [&] { return state.world.clients[step.actor].busy(); };
  while (busy() && state.world.clients[step.actor].pending.inner) {
    Step inner = preview(state, {.actor = step.actor});
    perform(state, inner, step.actor, false);
    strategy_.start_followers(state.world.clients[step.actor], inner.effect, inner.reply);
    resume(state, inner, inner.reply);
    step.timers = static_cast<std::uint8_t>(step.timers + inner.timers);
    step.inner.push_back(std::move(inner));
  }
}

void Race::perform(State& state, Step& step, world::ClientIndex who, bool branch) const {
  step.reply = state.world.perform(step.effect, who, start_of_time, branch);
  state.world.take_woken();  // `enabled` knows
  step.timers = note_entries(state, step.effect, step.reply, false);
  if (ends_tasks(step.effect)) lose_messages(state);
}

// Hands a reply over.
void Race::resume(State& state, Step& step, const Reply& reply) const {
  auto& resumed = state.world.clients[step.actor];
  const bool waited = resumed.waiting;
  const bool scripted = resumed.active == world::Slot::script;
  if (scripted && !resumed.under_way && resumed.told != 0) step.told.push_back(resumed.told);
  strategy_.resume(resumed, reply);
  if (scripted && resumed.told != 0) step.told.push_back(resumed.told);
  step.stops_waiting = waited && !(resumed.waiting && resumed.busy());
  if (!any_time_) resumed.waiting = false;  // for how long nobody knows
}

// Goes on with what the client does next.
void Race::conclude(State& state, Step& step) const {
  start_tasks(state, step.actor);
  auto& client = state.world.clients[step.actor];
  client.told = 0;
  if (client.busy()) return;
  // What comes late came by the connection of another.
  if (strategy_.script && client.task != Task::late) state.world.cache.unwatch(client.self);
  if (step.actor >= planned()) return end_task(state, step.actor);
  // Of several steps at one moment the last one completes the operation.
  Step& last = step.inner.empty() ? step : step.inner.back();
  last.completes = true;
  last.failed = client.failed;
  last.says_nothing = client.says_nothing;
  last.serves = client.operation;
  last.answer = client.operation == OperationKind::write ? client.row : client.answer;
  ++state.operation[step.actor];
  begin(state, step.actor);
}

Step Race::entry_step(State& state, Choice choice) const {
  Step step{.actor = choice.actor};
  auto& world = state.world;
  const Expiring expiring = state.expiring[choice.which];
  auto& cache = expiring.local ? world.locals : world.cache;
  const world::SlotId slot = cache.names().find(expiring.name);
  step.reply = {.found = true, .version = cache.entry(slot).number};
  step.effect = {.kind = EffectKind::cache_expire,
                 .key = expiring.name.key,
                 .token = static_cast<std::uint32_t>(expiring.name.space),
                 .name_version = expiring.name.name_version};
  if (choice.kind == Kind::soften) {
    step.effect.kind = EffectKind::cache_soften;
    cache.at(slot).soft_at = start_of_time - Duration{1};
    return step;
  }
  const bool named = expiring.name.space == world::Space::named;
  if (named) {
    const std::uint32_t processes = expiring.local ? strategy_.layout.processes : 1;
    step.effect.named = expiring.name.key / processes + 1;
    step.effect.key = key_of({world::Space::named, expiring.name.key / processes});
  }
  if (expiring.local && named) {
    step.effect.kind = EffectKind::memory_del;
    step.effect.token = expiring.name.key % strategy_.layout.processes;
  } else if (expiring.local) {
    step.effect.key = expiring.name.key / strategy_.layout.processes;
    step.effect.kind = EffectKind::local_del;
    step.effect.token = expiring.name.key % strategy_.layout.processes;
  }
  step.reply.lost_writes = world.lose_queued(expiring.name, cache.entry(slot));
  cache.remove(slot);
  state.expiring.erase(state.expiring.begin() + choice.which);
  return step;
}

}  // namespace cacherace::engine

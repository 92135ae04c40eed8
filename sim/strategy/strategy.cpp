#include "sim/strategy/strategy.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/fixed.hpp"
#include "sim/strategy/protocols.hpp"

namespace cacherace::strategy {

// Runs slots, each calling the next, until one issues an effect or the operation is finished.
static void run_to_next_effect(Client& client, const Strategy& strategy) {
  while (client.busy() && !client.take_issued()) {
    switch (client.active) {
      case Slot::read:
        (client.bypasses ? direct_read : strategy.read)(client, strategy);
        break;
      case Slot::look_up:
        look_up(client, strategy);
        break;
      case Slot::load:
        strategy.load(client, strategy);
        break;
      case Slot::query:
        query(client, strategy);
        break;
      case Slot::fill:
        fill(client, strategy);
        break;
      case Slot::store:
        strategy.store(client, strategy);
        break;
      case Slot::announce:
        announce(client, strategy);
        break;
      case Slot::write:
        strategy.write(client, strategy);
        break;
      case Slot::invalidate:
        strategy.invalidate(client, strategy);
        break;
      case Slot::copies:
        delete_copies(client, strategy);
        break;
      case Slot::background:
        background(client, strategy);
        break;
      case Slot::script:  // by `resume` itself
      case Slot::none:
        break;
    }
  }
}

void Strategy::begin(Client& client, OperationKind operation, Key key) const {
  SIM_ASSERT(!client.busy());
  client.operation = operation;
  client.key = key;
  if (script) {
    script->begin(client, operation);
    client.take_issued();
    return;
  }
  const bool announces = layout.filter || layout.markers;
  client.active = operation == OperationKind::read ? Slot::read
                  : announces                      ? Slot::announce
                                                   : Slot::write;
  run_to_next_effect(client, *this);
}

void Strategy::begin(Client& client, std::string_view function, Key key) const {
  SIM_ASSERT(!client.busy() && script);
  client.key = key;
  const std::string name = script->name_of_row(key);
  script->begin(client, function, {&name, 1});
  client.take_issued();
}

void Strategy::begin(Client& task, const Client& client, const world::Start& start) const {
  SIM_ASSERT(!task.busy());
  task.operation = OperationKind::background;
  task.task = start.task;
  task.key = client.key;
  task.row = start.version;
  if (script) {
    start.task == Task::spawned ? script->begin_spawned(task, start)
                                : script->begin_message(task, start);
    task.take_issued();
    return;
  }
  task.active = Slot::background;
  run_to_next_effect(task, *this);
}

void Strategy::begin(Client& task, Task kind, const Effect& effect) const {
  SIM_ASSERT(!task.busy());
  task.operation = kind == Task::mishap ? OperationKind::mishap : OperationKind::background;
  task.task = kind;
  task.key = effect.key;
  task.active = script && kind == Task::late ? Slot::script : Slot::background;
  task.pending = effect;
}

void Strategy::resume(Client& client, const Reply& reply) const {
  SIM_ASSERT(client.busy());
  client.under_way = true;
  // What became of a commit that failed is unknown: it is not for a client to do it again.
  // Nobody notices that a message was lost.
  const bool may_retry = client.task != Task::late && client.task != Task::tell &&
                         client.pending.kind != EffectKind::db_commit;
  if (reply.failed && client.tries < retries && may_retry) {
    ++client.tries;
    return;  // the same effect once more
  }
  client.tries = 0;
  if (client.active == Slot::script) {
    script->resume(client, reply);
    client.take_issued();
    return;
  }
  client.reply = reply;
  run_to_next_effect(client, *this);
}

void Strategy::start_followers(Client& client, const Effect& effect, const Reply& reply) const {
  const bool commits = effect.kind == EffectKind::db_write || effect.kind == EffectKind::db_commit;
  if (follows_log && commits)
    client.start({.task = Task::propagate, .durable = true, .version = reply.version});
  const bool queues =
      effect.kind == EffectKind::cache_write || effect.kind == EffectKind::queue_append;
  if (queues && reply.found) client.start({.task = Task::flush, .durable = true});
  if (effect.kind == EffectKind::cache_publish) {
    if (!client.spawned) client.spawned.emplace();
    client.spawned->push_back(
        {.task = Task::message, .durable = true, .count = layout.processes, .node = effect.token});
  }
}

scenario::Latency Strategy::delay_of(Task task) const {
  switch (task) {
    case Task::second_delete:
      return scenario::Constant{second_delete.delay};
    case Task::flush:
      return scenario::Constant{write_behind.interval};
    case Task::propagate:
      return lag;
    case Task::tell:
      return local_cache->message;
    case Task::message:
      return message;
    default:
      return scenario::Constant{};
  }
}

void Strategy::set_ttl(Duration to) {
  const Duration from = ttl - kept;
  const auto scaled = [&](Duration part) {
    return Duration(multiply_divide(part.count(), to.count(), from.count()));
  };
  ttl_spread = scaled(ttl_spread);
  if (soft != Duration::max()) soft = scaled(soft);
  ttl = to + kept;
}

Effect Strategy::stored(const Client& client, When when) const {
  const bool present = client.row != 0;
  return {.kind = EffectKind::cache_set,
          .when = when,
          .key = client.key,
          .version = client.row,
          .token = when == When::leased ? client.token : client.generation,
          .name_version = client.name_version,
          .ttl = present ? ttl : *negative,
          .ttl_spread = present ? ttl_spread : Duration{0},
          .soft = present ? soft : Duration::max(),
          .loading_since = early ? client.looked_up_at : never};
}

}  // namespace cacherace::strategy

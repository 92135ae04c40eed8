#include "sim/strategy/scripted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::strategy {

using script::Call;
using script::Request;
using script::Turn;

namespace {

using Lock = std::lock_guard<std::mutex>;

bool is_block(EffectKind kind) {
  return kind == EffectKind::cache_block || kind == EffectKind::db_block ||
         kind == EffectKind::memory_block;
}

When when(script::Only only) {
  switch (only) {
    case script::Only::always:
      return When::always;
    case script::Only::absent:
      return When::absent;
    case script::Only::present:
      return When::present;
  }
  SIM_ASSERT(false);
  return When::always;
}

EffectKind kind_of(Call call, bool in_transaction) {
  switch (call) {
    case Call::cache_get:
      return EffectKind::cache_get;
    case Call::cache_set:
      return EffectKind::cache_set;
    case Call::cache_del:
      return EffectKind::cache_del;
    case Call::cache_set_ttl:
      return EffectKind::cache_set_ttl;
    case Call::cache_flush:
      return EffectKind::cache_flush;
    case Call::cache_block:
    case Call::block_end:
      return EffectKind::cache_block;
    case Call::publish:
      return EffectKind::cache_publish;
    case Call::db_read:
      return EffectKind::db_read;
    case Call::db_write:
      return in_transaction ? EffectKind::db_begin : EffectKind::db_write;
    case Call::db_block:
      return EffectKind::db_block;
    case Call::db_commit:
      return EffectKind::db_commit;
    case Call::db_roll_back:
      return EffectKind::db_roll_back;
    case Call::memory_get:
      return EffectKind::memory_get;
    case Call::memory_set:
      return EffectKind::memory_set;
    case Call::memory_del:
      return EffectKind::memory_del;
    case Call::memory_block:
      return EffectKind::memory_block;
    case Call::memory_await:
      return EffectKind::memory_await;
    case Call::memory_lock:
      return EffectKind::memory_lock;
    case Call::memory_unlock:
      return EffectKind::memory_unlock;
    case Call::choose:
    case Call::sleep:
      return EffectKind::choose;
    case Call::cache_ttl:
    case Call::cache_names:
    case Call::db_delete:
    case Call::db_begin:
      break;  // refused, or no effect
  }
  SIM_ASSERT(false);
  return EffectKind::choose;
}

}  // namespace

Scripted::Scripted(std::unique_ptr<Conversations> conversations,
                   std::vector<std::string> operations, RowNames rows, Options options)
    : conversations_(std::move(conversations)),
      operations_(std::move(operations)),
      rows_(std::move(rows)),
      options_(options) {}

bool Scripted::has(std::string_view operation) const {
  return std::ranges::find(operations_, operation) != operations_.end();
}

// ---- from one question to the next -------------------------------------------------------------

void Scripted::begin(Client& client, std::string_view operation,
                     std::span<const std::string> arguments) {
  const Lock lock(mutex_);
  std::vector<Value> values;
  for (const std::string& argument : arguments)
    values.push_back(conversations_->values().text(argument));
  client.operation = operation == "write" ? OperationKind::write : OperationKind::read;
  set_out(client, conversations_->begin(operation, values, client.self));
}

void Scripted::begin(Client& client, OperationKind kind) {
  const std::string name = rows_.name_of(client.key);
  begin(client, kind == OperationKind::write ? "write" : "read", {&name, 1});
}

void Scripted::begin_spawned(Client& task, const world::Start& start) {
  const Lock lock(mutex_);
  set_out(task, conversations_->begin(script::Spawnable{start.node}, task.self));
}

void Scripted::begin_message(Client& task, const world::Start& start) {
  const Lock lock(mutex_);
  const auto [channel, value] = messages_[start.node];
  const Value given[] = {channel, value};
  set_out(task, conversations_->begin("on_message", given, task.self));
}

// What has no effect at all still takes a step.
void Scripted::set_out(Client& client, Conversations::Arrival arrival) {
  if (!arrival.turn->over) return take(client, arrival);
  note(client, *arrival.turn);
  finish(client, arrival.node, *arrival.turn);
  client.over = true;
  client.active = world::Slot::script;
  client.issue({.kind = EffectKind::choose, .key = client.key, .token = 1});
}

void Scripted::resume(Client& client, const Reply& reply) {
  const Lock lock(mutex_);
  const EffectKind kind = client.pending.kind;
  // A read hits with what it found in cache or memory, if it has not asked the database.
  const bool finds = kind == EffectKind::cache_get || kind == EffectKind::memory_get;
  client.loaded |= kind == EffectKind::db_read || kind == EffectKind::db_block;
  if (finds && reply.found) client.hit = true;
  if (std::exchange(client.over, false)) {
    client.active = world::Slot::none;
    return;
  }
  // One row of a commit after another, at the same moment.
  if (kind == EffectKind::db_commit && !reply.failed && client.transaction) {
    if (reply.found && client.transaction->written.empty()) client.transaction = {};
    if (client.transaction && reply.found) {  // a race performs them one by one
      Effect next = client.pending;
      next.inner = true;
      next.key = client.transaction->written.front();
      return client.issue(next);
    }
  }
  const bool writes = kind == EffectKind::db_begin || kind == EffectKind::db_write;
  if (writes && reply.found && client.pending.key == client.key) client.row = reply.version;
  if (writes && reply.version > options_.versions_max)
    refuse(conversations_->request(client.node),
           fmt::format("a race cannot tell more than {} versions of a row apart",
                       options_.versions_max));
  // A late command is one effect, with what is inner to it.
  const bool late = client.task == Task::late;
  if (late && (reply.failed || (!is_block(kind) && !client.pending.inner))) return client.finish();
  const Call call = conversations_->request(client.node).call;
  const auto from = client.node;
  if (reply.failed) {
    take(client, conversations_->go_on(from, std::nullopt));
  } else {
    answer(client, reply, call);
    take(client, conversations_->go_on(from, std::span<const Value>(answers_)));
  }
  if (late && client.busy() && !client.pending.inner) {
    client.take_issued();
    client.finish();
  }
}

// Takes a turn; questions that nobody has to be asked are answered at once.
void Scripted::take(Client& client, Conversations::Arrival arrival) {
  client.told = 0;
  for (;;) {
    client.node = arrival.node;
    const Turn& turn = *arrival.turn;
    note(client, turn);
    if (turn.over) return finish(client, arrival.node, turn);
    if (!pass(client, turn.request)) {
      client.active = world::Slot::script;
      return client.issue(effect_of(client, turn.request));
    }
    answers_.clear();
    arrival = conversations_->go_on(arrival.node, std::span<const Value>(answers_));
  }
}

// A transaction begins with its first statement, and one without a write has nothing to commit.
bool Scripted::pass(Client& client, const Request& request) {
  switch (request.call) {
    case Call::db_begin:
      client.transaction.emplace(world::Transaction{.repeatable_read = request.repeatable_read});
      return true;
    case Call::sleep:
      return !options_.sleeps;
    default:
      return false;
  }
}

// What happened on the way to a question, beside it.
void Scripted::note(Client& client, const Turn& turn) {
  for (const script::Spawned& spawned : turn.spawned) {
    if (!client.spawned) client.spawned.emplace();
    client.spawned->push_back(
        {.task = Task::spawned, .durable = spawned.durable, .node = spawned.what});
  }
  const bool tells = !turn.notes.empty() || !turn.broken.empty() || !turn.block_result.empty();
  if (!tells || options_.live) return;
  const Told told{.notes = turn.notes, .broken = turn.broken, .result = turn.block_result};
  const auto known = std::find(told_.begin() + 1, told_.end(), told);
  const auto number = static_cast<std::uint32_t>(known - told_.begin());
  if (known == told_.end()) told_.push_back(told);
  client.told = 2 * number + (told.broken.empty() ? 0U : 1U);
}

// What a client has seen is what it returns: of its key a row, or nothing or `false` for no row.
void Scripted::finish(Client& client, Conversations::Node node, const Turn& turn) {
  if (client.transaction) client.transaction = {};
  if (turn.failed) {
    client.fail();
  } else {
    const Value returned = turn.returned;
    Version seen = 0;
    bool says = returned.is_nil() || returned == Value::boolean(false);
    for (const Value row : conversations_->values().rows_in(returned))
      if (row.key() == client.key) {
        seen = says ? std::min(seen, row.version()) : row.version();
        says = true;
      }
    client.hit &= !client.loaded;
    client.says_nothing = !says && client.operation == OperationKind::read;
    client.finish(seen);
  }
  client.node = 0;
  conversations_->leave(node);
}

void Scripted::leave(Client& client) {
  const Lock lock(mutex_);
  if (client.busy() && client.node != 0) conversations_->leave(client.node);
}

// ---- questions ---------------------------------------------------------------------------------

void Scripted::refuse(const Request& request, const std::string& why) const {
  throw script::ScriptError(request.file, request.line, why);
}

Effect Scripted::effect_of(Client& client, const Request& request) {
  switch (request.call) {
    case Call::cache_ttl:
      refuse(request, "cache.ttl is not supported yet; use TTLs, soft and sleep");
    case Call::cache_names:
      refuse(request, "cache.keys and cache.scan are not supported yet");
    case Call::db_delete:
      refuse(request, "db.delete is not supported yet");
    default:
      break;
  }
  Effect effect{.kind = kind_of(request.call, bool{client.transaction}),
                .key = client.key,
                .after = options_.sleeps ? request.after : Duration{}};
  effect.inner = request.inner;
  if (request.call == Call::block_end) effect.token = end_of_block;
  effect.in_transaction = bool{client.transaction};
  effect.ttl = request.ttl.value_or(Duration::max());
  switch (effect.kind) {
    case EffectKind::cache_get:
    case EffectKind::cache_set_ttl:
      name_entry(effect, request.name);
      break;
    case EffectKind::cache_del:
      name_entry(effect, request.name);
      if (effect.named == 0 && effect.key == client.key) effect.version = client.row;
      break;
    case EffectKind::cache_set:
      name_entry(effect, request.name);
      give(effect, request.value, client);
      effect.when = when(request.only);
      effect.keeps_ttl = request.keeps_ttl;
      effect.soft = request.soft.value_or(Duration::max());
      break;
    case EffectKind::db_read:
      name_row(effect, request);
      effect.from_replica = request.from_replica;
      if (request.from_replica && options_.replicas == 0)
        refuse(request, "the database has no replicas; write \"database\": { \"replicas\": …");
      break;
    case EffectKind::db_write:
    case EffectKind::db_begin:
      name_row(effect, request);
      client.operation =
          client.operation == OperationKind::read ? OperationKind::write : client.operation;
      if (request.if_version) effect.token = *request.if_version + 1;
      break;
    case EffectKind::db_commit:
      if (!client.transaction || client.transaction->written.empty()) {
        effect.kind = EffectKind::db_block;  // there is nothing to commit
        client.transaction = {};
        break;
      }
      effect.key = client.transaction->written.front();
      break;
    case EffectKind::memory_get:
    case EffectKind::memory_set:
    case EffectKind::memory_del:
    case EffectKind::memory_await:
    case EffectKind::memory_lock:
    case EffectKind::memory_unlock:
      effect.named = number_of(request.name);
      effect.value = request.value;
      break;
    case EffectKind::cache_publish:
      effect.token = number_of(request.name, request.value);
      break;
    case EffectKind::choose:
      effect.token = std::max(request.outcomes, 1U);
      break;
    default:
      break;
  }
  return effect;
}

std::uint32_t Scripted::number_of(Value name) {
  const auto [known, is_new] =
      by_name_.emplace(name.word(), static_cast<std::uint32_t>(names_.size()) + 1);
  if (is_new) names_.push_back(name);
  return known->second;
}

std::uint32_t Scripted::number_of(Value channel, Value value) {
  const std::pair message(channel, value);
  const auto known = std::find(messages_.begin(), messages_.end(), message);
  const auto number = static_cast<std::uint32_t>(known - messages_.begin());
  if (known == messages_.end()) messages_.push_back(message);
  return number;
}

// The entry of a row goes by the row's name.
void Scripted::name_entry(Effect& effect, Value name) {
  const auto key = rows_.key_of(conversations_->values().text_of(name));
  if (key && *key < options_.rows)
    effect.key = *key;
  else
    effect.named = number_of(name);
}

// An entry of another name is about the row that is in it.
void Scripted::give(Effect& effect, Value value, const Client& client) {
  effect.value = value;
  effect.value_bytes = static_cast<std::uint32_t>(conversations_->values().bytes(value));
  const auto rows = conversations_->values().rows_in(value);
  const auto own = std::find_if(rows.begin(), rows.end(), [&](Value row) {
    return row.key() == (effect.named == 0 ? effect.key : client.key);
  });
  if (own != rows.end()) {
    effect.version = own->version();
  } else if (!rows.empty() && effect.named != 0) {
    effect.key = rows.front().key();
    effect.version = rows.front().version();
  }
}

void Scripted::name_row(Effect& effect, const Request& request) {
  const auto text = conversations_->values().text_of(request.name);
  const auto key = rows_.key_of(text);
  if (!key)
    refuse(request, fmt::format("there is no row \"{}\"; rows are what operations and the start of "
                                "the race name",
                                text));
  effect.key = *key;
}

// ---- answers -----------------------------------------------------------------------------------

void Scripted::answer(const Client& client, const Reply& reply, Call call) {
  answers_.clear();
  const auto row = [&] {
    return reply.version == 0 ? Value{} : Value::row(client.pending.key, reply.version);
  };
  switch (call) {
    case Call::cache_get:
      answers_ = {reply.found ? reply.value : Value{}, Value::boolean(reply.soft)};
      break;
    case Call::cache_set:
    case Call::cache_del:
    case Call::cache_set_ttl:
    case Call::memory_del:
    case Call::memory_unlock:
      answers_ = {Value::boolean(reply.found)};
      break;
    case Call::db_read:
      answers_ = {row()};
      break;
    case Call::db_write:
      answers_ = {reply.found ? row() : Value{}};
      break;
    case Call::memory_get:
      answers_ = {reply.value};
      break;
    case Call::publish:
      answers_ = {Value::integer(reply.count)};
      break;
    case Call::choose:
      answers_ = {Value::integer(reply.token)};
      break;
    default:
      break;
  }
}

// ---- for people --------------------------------------------------------------------------------

const Request& Scripted::request(std::uint32_t node) {
  const Lock lock(mutex_);
  return conversations_->request(node);
}

const Told& Scripted::told(std::uint32_t number) {
  const Lock lock(mutex_);
  return told_[number / 2];
}

std::string Scripted::name_of(std::uint32_t named) {
  const Lock lock(mutex_);
  return std::string(conversations_->values().text_of(names_[named - 1]));
}

std::string Scripted::shown(Value value) {
  const Lock lock(mutex_);
  return conversations_->shown(value);
}

std::span<const Value> Scripted::rows_in(Value value) {
  const Lock lock(mutex_);
  return conversations_->values().rows_in(value);
}

}  // namespace cacherace::strategy

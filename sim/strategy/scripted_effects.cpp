// From a script's questions to effects, and from replies to its answers.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/script/script_error.hpp"
#include "sim/strategy/scripted.hpp"

namespace cacherace::strategy {

using script::Call;
using script::Request;

namespace {

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

}  // namespace cacherace::strategy

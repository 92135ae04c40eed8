// From a script's questions to effects, and from replies to its answers.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/digest.hpp"
#include "sim/script/script_error.hpp"
#include "sim/strategy/name_pattern.hpp"
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
    case Call::cache_ttl:
      return EffectKind::cache_ttl;
    case Call::cache_watch:
      return EffectKind::cache_watch;
    case Call::cache_unwatch:
      return EffectKind::cache_unwatch;
    case Call::cache_names:
      return EffectKind::cache_keys;
    case Call::cache_block:
    case Call::cache_exec:
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
  throw script::ScriptError(program_->sources[request.file].file, request.line, why);
}

Effect Scripted::effect_of(Client& client, const Request& request) {
  if (request.call == Call::cache_ttl && !options_.live)
    refuse(request,
           "there is no clock in a race, so no TTL can be read: use \"soft\", TTLs and sleep");
  if (request.call == Call::db_delete) refuse(request, "db.delete is not supported yet");
  Effect effect{.kind = kind_of(request.call, bool{client.transaction}),
                .key = client.key,
                .after = options_.sleeps ? request.after : Duration{}};
  effect.inner = request.inner;
  if (request.call == Call::block_end) effect.token = end_of_block;
  if (request.call == Call::cache_exec) effect.token = block_if_unchanged;
  if (request.call == Call::cache_names && request.count > 0) {
    effect.kind = EffectKind::cache_scan;
    effect.version = request.count;
  }
  effect.in_transaction = bool{client.transaction};
  effect.ttl = request.ttl.value_or(Duration::max());
  switch (effect.kind) {
    case EffectKind::cache_get:
    case EffectKind::cache_set_ttl:
    case EffectKind::cache_ttl:
    case EffectKind::cache_watch:
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
    case EffectKind::memory_set:
      effect.named = number_of(request.name);
      give(effect, request.value, client);
      break;
    case EffectKind::memory_get:
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
  const bool writes = effect.kind == EffectKind::db_write || effect.kind == EffectKind::db_begin;
  if (writes && *key >= options_.rows)
    refuse(request,
           fmt::format("\"{}\" is one of the rows that never exist, and cannot be written", text));
}

// ---- answers -----------------------------------------------------------------------------------

namespace {

std::int64_t milliseconds_until(const Reply& reply) {
  return std::chrono::ceil<std::chrono::milliseconds>(reply.expires_at - reply.at).count();
}

}  // namespace

// Which of what is there is asked for: all that match, or those of one page. Pages go through the
// names in the order of a hash, so that what is there all the time is on one of them, whatever
// comes and goes meanwhile. The cursor is the hash at which the next page starts.
void Scripted::answer_names(Client& client, const Request& request) {
  const auto name_of = [&](const world::Name& name) {
    return name.space == world::Space::named
               ? std::string(conversations_->values().text_of(names_[name.key]))
               : rows_.name_of(name.key);
  };
  const auto place_of = [](std::string_view text) {
    Digest digest;
    digest.add(text);
    return (digest.value() >> 6) | 1;
  };
  std::vector<std::pair<std::uint64_t, std::string>> all;
  if (client.listed)
    for (const world::Name& name : *client.listed) {
      std::string text = name_of(name);
      const std::uint64_t place = request.count > 0 ? place_of(text) : 0;
      if (place >= request.cursor) all.emplace_back(place, std::move(text));
    }
  client.listed = {};
  std::ranges::sort(all);
  std::uint64_t next = 0;
  if (request.count > 0 && all.size() > request.count) {
    std::size_t end = request.count;
    while (end < all.size() && all[end].first == all[end - 1].first) ++end;
    if (end < all.size()) next = all[end].first;
    all.resize(end);
  }
  const std::string pattern(conversations_->values().text_of(request.name));
  std::vector<std::string> chosen;
  for (auto& [place, text] : all)
    if (matches_pattern(pattern, text)) chosen.push_back(std::move(text));
  std::ranges::sort(chosen);
  std::vector<script::Member> members;
  for (const auto& text : chosen)
    members.push_back({.key = Value::integer(static_cast<std::int64_t>(members.size()) + 1),
                       .value = conversations_->values().text(text)});
  answers_ = {conversations_->values().table(std::move(members)),
              Value::integer(static_cast<std::int64_t>(next))};
}

void Scripted::answer(Client& client, const Reply& reply, const Request& request) {
  answers_.clear();
  const auto row = [&] {
    return reply.version == 0 ? Value{} : Value::row(client.pending.key, reply.version);
  };
  switch (request.call) {
    case Call::cache_names:
      return answer_names(client, request);
    case Call::cache_exec:
      answers_ = {Value::boolean(!reply.refused)};
      break;
    case Call::cache_ttl:
      answers_ = {Value::integer(!reply.found                ? -2
                                 : reply.expires_at == never ? -1
                                                             : milliseconds_until(reply))};
      break;
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

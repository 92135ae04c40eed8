// What only scripts do: the memory of a process, and transactions of several statements.

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/world/world.hpp"

namespace cacherace::world {

// ---- commands of the cache server --------------------------------------------------------------

// Every name that is there; whoever asked chooses among them. KEYS looks at all, SCAN at a page of
// `effect.version`.
Reply World::list_for_script(const Effect& effect, ClientIndex who, SimTime now) {
  auto& listed = clients[who].listed;
  listed.emplace();
  for (SlotId slot = 0; slot < cache.slots(); ++slot) {
    if (!cache.entry(slot).present()) continue;
    const Name name = cache.names().name_of(slot);
    if (cache.peek(name, now).present()) (*listed).push_back(name);
  }
  const auto all = static_cast<std::uint32_t>((*listed).size());
  const bool whole = effect.kind == EffectKind::cache_keys;
  return {.found = all > 0, .count = whole ? all : std::min(all, effect.version)};
}

Reply World::ttl(const Effect& effect, SimTime now) {
  const auto [entry, expired] = cache.meet(name_of(effect), now);
  return {.found = entry.present(),
          .expired = expired,
          .expires_at = entry.present() ? entry.expires_at : never,
          .at = now};
}

Reply World::watch(const Effect& effect, ClientIndex who, SimTime now) {
  const Name name = name_of(effect);
  const auto [entry, expired] = cache.meet(name, now);
  const Reply reply{.found = entry.present(), .expired = expired};
  cache.watch(name, clients[who].self);
  return reply;
}

// EXEC ends all watching of its client.
Reply World::exec(ClientIndex who, SimTime now) {
  const std::uint32_t self = clients[who].self;
  Reply reply{.refused = cache.has_changed_for(self, now)};
  cache.unwatch(self);
  return reply;
}

// ---- the memory that the threads of a process share --------------------------------------------

Reply World::memory(const Effect& effect, ClientIndex who, SimTime now) {
  const Name name = memory_name(effect, who);
  const auto [entry, expired] = locals.meet(name, now);
  const Value own = Value::token(clients[who].self, 0);
  Reply reply{.found = entry.present(), .expired = expired, .token = clients[who].process};
  if (reply.found) reply.value = locals.value_of(name, entry);
  const auto store = [&](Value value) {
    const SimTime end = effect.ttl == Duration::max() ? never : later(now, effect.ttl);
    locals.store(name, {.expires_at = end, .content = Content::value}, value, small_value, now);
  };
  switch (effect.kind) {
    case EffectKind::memory_set:
      if (effect.value.is_nil())
        locals.remove(name);
      else
        store(effect.value);
      break;
    case EffectKind::memory_del:
      locals.remove(name);
      break;
    case EffectKind::memory_lock:
      store(own);
      break;
    case EffectKind::memory_unlock:
      reply.found = reply.value == own;
      if (reply.found) locals.remove(name);
      break;
    default:  // it only looks
      break;
  }
  return reply;
}

// Its locks are released, as by a handler that always runs.
void World::release_memory(ClientIndex who) {
  const Value own = Value::token(clients[who].self, 0);
  for (SlotId slot = 0; slot < locals.slots(); ++slot) {
    const Entry& entry = locals.entry(slot);
    if (entry.present() && locals.value_of(locals.names().name_of(slot), entry) == own)
      locals.remove(slot);
  }
}

// ---- transactions ------------------------------------------------------------------------------

// Its own writes; and with repeatable read everything else as it was at its first statement.
Reply World::read_in_transaction(const Effect& effect, ClientIndex who) {
  if (!layout.has_row(effect.key)) return {};
  if (!clients[who].transaction) return {.failed = true};  // it was rolled back
  const Key row = layout.row_of(effect.key);
  Transaction& transaction = *clients[who].transaction;
  Version version = database.read(row).version;
  if (transaction.repeatable_read) {
    if (transaction.snapshot.empty())
      for (Key each = 0; each < database.rows(); ++each)
        transaction.snapshot.push_back(database.read(each).version);
    version = transaction.snapshot[row];
  }
  const auto& written = transaction.written;
  if (std::find(written.begin(), written.end(), row) != written.end())
    version = database.uncommitted(row);
  return {.found = version != 0, .version = version};
}

// `refused` of the reply: another transaction has written the row since the snapshot.
Reply World::write_in_transaction(const Effect& effect, ClientIndex who) {
  if (!clients[who].transaction) return {.failed = true};
  const Key row = layout.row_of(effect.key);
  const Reply now_there = read_in_transaction(effect, who);
  Transaction& transaction = *clients[who].transaction;
  auto& written = transaction.written;
  if (std::find(written.begin(), written.end(), row) != written.end())
    return {.found = true, .version = database.uncommitted(row)};
  const Version committed = database.read(row).version;
  if (transaction.repeatable_read && transaction.snapshot[row] != committed)
    return {.failed = true, .refused = true};
  if (effect.token != 0 && now_there.version + 1 != effect.token) return {};  // if_version
  written.push_back(row);
  return database.begin(row);
}

// One row after another, at the same moment: `count` of the reply are left.
Reply World::commit_next(ClientIndex who, SimTime now) {
  if (!clients[who].transaction) return {.failed = true};
  auto& written = clients[who].transaction->written;
  if (written.empty()) return {};
  const Key row = written.front();
  written.erase(written.begin());
  Reply reply = database.commit_begun(row, now);
  reply.count = static_cast<std::uint32_t>(written.size());
  return reply;
}

bool World::enabled_for_script(ClientIndex who) const {
  const Client& client = clients[who];
  const Effect& effect = client.pending;
  if (effect.kind == EffectKind::db_begin) {
    const Key row = layout.row_of(effect.key);
    const auto& written = client.transaction->written;
    return !database.locked(row) || std::find(written.begin(), written.end(), row) != written.end();
  }
  return !locals.peek(memory_name(effect, who), start_of_time).present();
}

}  // namespace cacherace::world

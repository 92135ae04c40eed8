// What happens before a command is executed: eviction at `maxmemory`, and refusal.

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/world/world.hpp"

namespace cacherace::world {
namespace {

// What memory at `maxmemory` means for an effect.
enum class Room : std::uint8_t {
  no_matter,  // not a command of a client to the cache server, or one that nothing precedes
  made,       // the server evicts before it executes the command
  required,   // and refuses it if that was not enough: what Redis flags DENYOOM
};

// A script is looked at command by command, up to its first write: so one that compares and then
// stores is refused when it stores, and one that deletes first, never.
Room room_for(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::cache_set:
      return effect.when == When::always || effect.when == When::absent ||
                     effect.when == When::present
                 ? Room::required
                 : Room::made;
    case EffectKind::cache_lock:
    case EffectKind::cache_seed_version:
    case EffectKind::cache_bump_version:
    case EffectKind::cache_mark:
    case EffectKind::cache_write:
      return Room::required;
    case EffectKind::cache_get:
    case EffectKind::cache_del:
    case EffectKind::cache_set_ttl:
    case EffectKind::cache_lease_get:
    case EffectKind::cache_unlock:
    case EffectKind::cache_unlock_any:
    case EffectKind::cache_get_version:
    case EffectKind::cache_get_mark:
    case EffectKind::cache_keys:
    case EffectKind::cache_scan:
    case EffectKind::cache_del_listed:
    case EffectKind::cache_clean:
    case EffectKind::cache_block:
      return Room::made;
    case EffectKind::cache_expire:
    case EffectKind::cache_soften:
    case EffectKind::cache_evict:
    case EffectKind::cache_flush:  // nothing precedes FLUSHALL
    case EffectKind::cache_restart:
    case EffectKind::db_read:
    case EffectKind::db_write:
    case EffectKind::db_begin:
    case EffectKind::db_commit:
    case EffectKind::db_apply:
    case EffectKind::queue_append:  // a durable queue is another server
    case EffectKind::queue_take:
    case EffectKind::flight_join:
    case EffectKind::flight_wait:
    case EffectKind::flight_finish:
    case EffectKind::flight_forget:
    case EffectKind::local_get:
    case EffectKind::local_set:
    case EffectKind::local_del:
    case EffectKind::filter_check:
    case EffectKind::filter_add:
    case EffectKind::wait:
    case EffectKind::cache_publish:
    case EffectKind::db_block:
    case EffectKind::db_delete:
    case EffectKind::db_roll_back:
    case EffectKind::memory_get:
    case EffectKind::memory_set:
    case EffectKind::memory_del:
    case EffectKind::memory_block:
    case EffectKind::memory_await:
    case EffectKind::memory_lock:
    case EffectKind::memory_unlock:
    case EffectKind::choose:
    case EffectKind::cache_ttl:
    case EffectKind::cache_watch:
    case EffectKind::cache_unwatch:
      return Room::no_matter;
  }
  SIM_ASSERT(false);
  return Room::no_matter;
}

}  // namespace

// As Redis does it: before a command the server evicts while it is over `maxmemory`; a command that
// may need more memory is refused if that was not enough.
Reply World::perform(const Effect& effect, ClientIndex who, SimTime now, bool branch) {
  const Room room = cache.over() ? room_for(effect) : Room::no_matter;
  if (room == Room::no_matter) return take_effect(effect, who, now, branch);
  const std::uint32_t lost = make_room(now);
  const bool refused = cache.over() && room == Room::required;
  Reply reply = refused ? refuse() : take_effect(effect, who, now, branch);
  reply.lost_writes += lost;
  return reply;
}

// Says how many queued writes went with the entries.
std::uint32_t World::make_room(SimTime now) {
  std::uint32_t lost = 0;
  while (cache.over()) {
    const auto victim = cache.next_victim(now);
    if (!victim) break;
    lost += lose_queued(cache.names().name_of(*victim), cache.entry(*victim));
    cache.evict(*victim);
  }
  return lost;
}

Reply World::refuse() {
  cache.refuse();
  return {.failed = true, .refused = true};
}

// A write that is queued in the cache only goes with its entry, which is evicted or expires.
std::uint32_t World::lose_queued(const Name& name, const Entry& entry) {
  if (!entry.dirty || !layout.volatile_queue) return 0;
  return static_cast<std::uint32_t>(
      std::erase_if(queue, [&](const QueuedWrite& write) { return write.key == name.key; }));
}

std::uint32_t World::lose_expired(SimTime now) {
  if (!layout.volatile_queue) return 0;
  return static_cast<std::uint32_t>(
      std::erase_if(queue, [&](const QueuedWrite& write) { return write.expires_at < now; }));
}

// Something else takes the place of the entry, or it was deleted: nothing takes the write along.
void World::keep_queued(Key key) {
  for (QueuedWrite& write : queue)
    if (write.key == key) write.expires_at = never;
}

}  // namespace cacherace::world

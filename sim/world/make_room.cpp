// What happens before a command is executed: eviction at `maxmemory`, and refusal.

#include <algorithm>

#include "sim/world/world.hpp"

namespace cacherace::world {
namespace {

// A command of a client, other than those that nothing precedes: FLUSHALL and a restart.
bool is_command(EffectKind kind) {
  switch (kind) {
    case EffectKind::queue_append:  // a durable queue is another server
    case EffectKind::queue_take:
    case EffectKind::cache_expire:
    case EffectKind::cache_soften:
    case EffectKind::cache_evict:
    case EffectKind::cache_flush:
    case EffectKind::cache_restart:
      return false;
    default:
      return party(kind) == Party::cache;
  }
}

// What Redis flags DENYOOM. A script is looked at command by command, up to its first write: so one
// that compares and then stores is refused when it stores, and one that deletes first, never.
bool may_grow(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::cache_set:
      return effect.when == When::always || effect.when == When::absent;
    case EffectKind::cache_lock:
    case EffectKind::cache_seed_version:
    case EffectKind::cache_bump_version:
    case EffectKind::cache_mark:
    case EffectKind::cache_write:
      return true;
    default:
      return false;
  }
}

}  // namespace

// As Redis does it: before a command the server evicts while it is over `maxmemory`; a command that
// may need more memory is refused if that was not enough.
Reply World::perform(const Effect& effect, ClientIndex who, SimTime now, bool branch) {
  if (!cache.over() || !is_command(effect.kind)) return take_effect(effect, who, now, branch);
  const std::uint32_t lost = make_room(now);
  Reply reply = cache.over() && may_grow(effect) ? refuse() : take_effect(effect, who, now, branch);
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

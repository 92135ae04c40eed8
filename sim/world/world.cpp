#include "sim/world/world.hpp"

#include "sim/core/assert.hpp"

namespace cacherace::world {

Reply World::perform(const Effect& effect, SimTime now) {
  switch (effect.kind) {
    case EffectKind::cache_get:
      return cache.get(effect.key, now);
    case EffectKind::cache_set:
      return cache.set(effect.key, effect.version, effect.ttl, now);
    case EffectKind::cache_del:
      return cache.del(effect.key, now);
    case EffectKind::cache_expire:
      return cache.expire(effect.key);
    case EffectKind::db_read:
      return database.read(effect.key);
    case EffectKind::db_write:
      return database.write(effect.key);
  }
  SIM_ASSERT(false);
  return {};
}

namespace {

void add(Digest& digest, const Effect& effect) {
  digest.add(static_cast<std::uint64_t>(effect.kind));
  digest.add(effect.key);
  digest.add(effect.version);
  digest.add(static_cast<std::uint64_t>(effect.ttl.count()));
}

void add(Digest& digest, const Reply& reply) {
  digest.add(static_cast<std::uint64_t>(reply.found) << 1 |
             static_cast<std::uint64_t>(reply.expired));
  digest.add(reply.version);
}

void add(Digest& digest, const Client& client) {
  digest.add(static_cast<std::uint64_t>(client.operation));
  digest.add(client.key);
  add(digest, client.pending);
  add(digest, client.reply);
  digest.add(static_cast<std::uint64_t>(client.active));
  for (const Routine& routine : {client.reading, client.loading, client.filling, client.writing})
    digest.add(static_cast<std::uint64_t>(routine.position()));
  digest.add(static_cast<std::uint64_t>(client.load_caller) << 8 |
             static_cast<std::uint64_t>(client.fill_caller));
  digest.add(client.row);
  digest.add(client.answer);
}

}  // namespace

void add(Digest& digest, const World& world) {
  for (Key key = 0; key < world.database.keys(); ++key) {
    const Entry& entry = world.cache.entry(key);
    digest.add(static_cast<std::uint64_t>(entry.present));
    digest.add(entry.version);
    digest.add(static_cast<std::uint64_t>(entry.expires_at.time_since_epoch().count()));
    digest.add(world.database.read(key).version);
  }
  for (const Client& client : world.clients) add(digest, client);
}

}  // namespace cacherace::world

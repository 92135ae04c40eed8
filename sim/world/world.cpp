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

}  // namespace cacherace::world

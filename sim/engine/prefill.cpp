#include "sim/engine/prefill.hpp"

namespace cacherace::engine {

Effect prefill_effect(const strategy::Strategy& strategy, world::World& world, Key key,
                      SimTime now) {
  world::Client client;
  client.key = key;
  client.row = world.row(key);
  if (strategy.layout.versions) {
    client.name_version = world
                              .perform({.kind = EffectKind::cache_seed_version,
                                        .key = key,
                                        .token = strategy.first_version()},
                                       world::no_client, now)
                              .token;
  }
  return strategy.stored(client, When::always);
}

}  // namespace cacherace::engine

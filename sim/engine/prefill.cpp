#include "sim/engine/prefill.hpp"

#include "sim/script/script_error.hpp"

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

void read_alone(const strategy::Strategy& strategy, world::World& world, Key key,
                const std::function<void(const Effect&, const Reply&)>& performed) {
  constexpr int steps_max = 100'000;
  constexpr std::uint32_t nobody_else = ~std::uint32_t{0};
  const auto who = static_cast<world::ClientIndex>(world.clients.size());
  world.clients.emplace_back();
  const auto client = [&]() -> world::Client& { return world.clients[who]; };
  client().self = nobody_else;
  strategy.begin(client(), OperationKind::read, key);
  for (int step = 0; client().busy(); ++step) {
    if (step == steps_max || !world.enabled(who))
      throw strategy.script->error_at(
          client().node,
          "a read that runs alone does not end, so that the cache cannot start warm");
    const Effect effect = client().pending;
    const Reply reply = world.perform(effect, who, start_of_time);
    performed(effect, reply);
    strategy.resume(client(), reply);
  }
  world.cache.unwatch(nobody_else);
  world.clients.pop_back();
}

}  // namespace cacherace::engine

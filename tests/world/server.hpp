#pragma once
// A bare world to send effects to, at moments of one's choice.

#include "sim/world/world.hpp"

namespace cacherace::world {

using namespace std::chrono_literals;

constexpr SimTime at(Duration d) { return start_of_time + d; }

struct Server {
  explicit Server(const Layout& layout, std::size_t clients = 3) : world(layout, clients) {}

  Reply send(const Effect& effect, Duration time = 0s, ClientIndex who = 0) {
    return world.perform(effect, who, at(time));
  }
  Reply get(Key key, Duration time = 0s) {
    return send({.kind = EffectKind::cache_get, .key = key}, time);
  }
  Reply set(Key key, Version version, Duration time = 0s, Duration ttl = Duration::max()) {
    return send({.kind = EffectKind::cache_set, .key = key, .version = version, .ttl = ttl}, time);
  }
  Reply del(Key key, Duration time = 0s) {
    return send({.kind = EffectKind::cache_del, .key = key}, time);
  }
  /// What stands under a name, without a trace.
  const Entry& entry(const Name& name, Duration time = 0s) const {
    return world.cache.peek(name, at(time));
  }

  World world;
};

}  // namespace cacherace::world

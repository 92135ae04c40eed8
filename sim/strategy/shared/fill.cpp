#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// What was loaded goes into the cache, and into the process's own; not what the cache refuses.
void fill(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    if (!strategy.caches(client.row) || client.bypasses || client.nameless) return client.back();
    yield client.store();
    if (strategy.local_cache && client.taken_for_stored()) {
      yield client.issue({.kind = EffectKind::local_set,
                          .key = client.key,
                          .version = client.row,
                          .ttl = strategy.local_cache->ttl});
    }
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Deletes the key, and the aggregates of it that the writer knows, from every cache.
void delete_keys(Client& client, const Strategy& strategy) {
  const bool local_first =
      strategy.local_cache && strategy.local_cache->first == scenario::LocalCache::First::local;
  reenter(client.routine()) {
    if (local_first) {
      yield client.issue(EffectKind::local_del);
    }
    client.undelivered = false;
    for (client.index = 0; client.index <= strategy.layout.known; ++client.index) {
      yield client.issue({.kind = EffectKind::cache_del,
                          .leaves = strategy.leaves,
                          .key = client.key + client.index * strategy.layout.rows,
                          .version = client.row,
                          .ttl = strategy.leaves_for});
      client.undelivered |= client.reply.failed;
    }
    if (strategy.local_cache && !local_first) {
      yield client.issue(EffectKind::local_del);
    }
    if (strategy.local_cache)
      client.start({.task = Task::tell, .durable = true, .count = strategy.layout.processes - 1});
    if (strategy.forget) {
      yield client.issue(EffectKind::flight_forget);
    }
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

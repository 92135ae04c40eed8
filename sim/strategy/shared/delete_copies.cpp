#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Caches hold more of a row than the entry that a writer has just stored: the aggregates that it
// knows, and copies in processes.
void delete_copies(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    for (client.index = 1; client.index <= strategy.layout.known; ++client.index) {
      yield client.issue({.kind = EffectKind::cache_del,
                          .key = client.key + client.index * strategy.layout.rows,
                          .version = client.row});
    }
    if (strategy.local_cache) {
      yield client.issue(EffectKind::local_del);
      client.start({.task = Task::tell, .durable = true, .count = strategy.layout.processes - 1});
    }
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

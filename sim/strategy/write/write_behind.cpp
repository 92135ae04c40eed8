#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The write is acknowledged once it is queued; a task brings it into the database later.
static void write_behind(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    if (strategy.layout.volatile_queue) {
      yield client.issue({.kind = EffectKind::cache_write,
                          .key = client.key,
                          .ttl = strategy.ttl,
                          .ttl_spread = strategy.ttl_spread,
                          .soft = strategy.soft});
      if (!client.committed()) return client.fail();
    } else {
      yield client.issue(EffectKind::queue_append);
      if (!client.committed()) return client.fail();
      yield client.issue(strategy.stored(client, When::always));
    }
    yield client.delete_copies();
    client.finish_written();
  }
}

void compose(const scenario::WriteBehind& write, Strategy& out) {
  out.write = write_behind;
  out.write_behind = write;
  out.layout.volatile_queue = write.queue == scenario::WriteBehind::Queue::in_cache;
  out.layout.coalesce = write.coalesce;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

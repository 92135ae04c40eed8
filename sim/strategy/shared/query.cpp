#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// One read of the database: of a replica, if there is one and nothing marks the key.
void query(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    if (strategy.layout.markers) {
      yield client.issue(EffectKind::cache_get_mark);
      client.marked = client.reply.found;
    }
    yield client.issue({.kind = EffectKind::db_read,
                        .from_replica = strategy.layout.replicas > 0 && !client.marked,
                        .key = client.key,
                        .token = client.replica});
    client.row = client.reply.version;
    client.failed = client.reply.failed;
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Asks what stands before the database, the nearest first. A refresh asks for the entry that it is
// to refresh: a copy in its process says nothing about that.
void look_up(Client& client, const Strategy& strategy) {
  const bool keeps_copy = strategy.local_cache && client.task != Task::refresh;
  reenter(client.routine()) {
    client.hit = false;
    if (strategy.layout.filter) {
      yield client.issue(EffectKind::filter_check);
      if (!client.reply.found) {  // certainly no such row
        client.row = 0;
        client.hit = true;
        return client.back();
      }
    }
    if (keeps_copy) {
      yield client.issue(EffectKind::local_get);
      if (client.reply.found) {
        client.take_hit();
        return client.back();
      }
    }
    if (strategy.layout.versions) {
      yield client.issue(EffectKind::cache_get_version);
      if (!client.reply.found) {
        yield client.issue({.kind = EffectKind::cache_seed_version,
                            .key = client.key,
                            .token = strategy.first_version()});
      }
      client.nameless = client.reply.failed;
      if (client.nameless) return client.back();
      client.name_version = client.reply.token;
    }
    yield client.issue(
        {.kind = strategy.layout.leases ? EffectKind::cache_lease_get : EffectKind::cache_get,
         .may_be_early = strategy.early,
         .key = client.key,
         .token = client.self,
         .name_version = client.name_version});
    client.token = client.generation = client.reply.token;
    client.looked_up_at = client.reply.at;
    if (client.reply.found) client.take_hit();
    if (client.hit && keeps_copy) {
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

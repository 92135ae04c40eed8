#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// What readers must know before a write is committed.
void announce(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    if (strategy.layout.filter) {
      yield client.issue(EffectKind::filter_add);
    }
    if (strategy.layout.markers) {
      yield client.issue(
          {.kind = EffectKind::cache_mark, .key = client.key, .ttl = strategy.mark_ttl});
    }
    client.go_on_with(Slot::write);
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

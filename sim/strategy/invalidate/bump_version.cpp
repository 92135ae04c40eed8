#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Gives the whole group new names: the old entries are orphans.
void bump_version(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue({.kind = EffectKind::cache_bump_version,
                        .key = client.key,
                        .token = strategy.first_version()});
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Gives the whole group new names: the old entries are orphans.
static void bump_version(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue({.kind = EffectKind::cache_bump_version,
                        .key = client.key,
                        .token = strategy.first_version()});
    client.back();
  }
}

void compose(const scenario::BumpVersion& write, Strategy& out) {
  out.write = delete_after_commit;
  out.invalidate = bump_version;
  out.by_group = true;
  out.seed = write.seed;
  out.layout.versions = true;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

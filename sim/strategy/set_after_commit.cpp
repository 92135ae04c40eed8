#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Commit, then store the new version.
void set_after_commit(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_write);
    if (!client.committed()) return client.fail();
    // window: another writer commits and stores a newer version
    yield client.issue(
        strategy.stored(client, strategy.store == set_if_newer ? When::newer : When::always));
    yield client.delete_copies();
    client.finish_written();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

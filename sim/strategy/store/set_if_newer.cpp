#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores only over an older version. The version lives in the entry: where the entry is gone,
// everything is newer.
void set_if_newer(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::newer));
    client.back();
  }
}

void compose(const scenario::SetIfNewer& fill, Strategy& out) {
  out.store = set_if_newer;
  if (!fill.tombstones) return;
  out.leaves = Leaves::tombstone;
  out.leaves_for = *fill.tombstones;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

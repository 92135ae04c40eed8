#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores only while the token of the miss is live.
static void lease_set(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::leased));
    client.back();
  }
}

void compose(const scenario::LeaseSet&, Strategy& out) { out.store = lease_set; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

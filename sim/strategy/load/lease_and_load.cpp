#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// A miss came with a token, or without one: then somebody else is loading.
static void lease_and_load(Client& client, const Strategy& strategy) {
  using Refused = scenario::Lease::Refused;
  reenter(client.routine()) {
    while (client.token == 0) {
      if (strategy.lease.refused == Refused::give_up) {
        client.failed = true;
        return client.back();
      }
      if (strategy.lease.refused == Refused::retry) {
        yield client.wait(strategy.lease.wait, strategy.lease.give_up, Until::filled_or_leasable);
      }
      if (strategy.lease.refused == Refused::load || client.reply.refused) {
        client.stop_waiting();
        yield client.query();
        return client.back();
      }
      yield client.look_up();
      if (client.hit) {
        client.stop_waiting();
        client.hit = false;
        return client.back();
      }
    }
    client.stop_waiting();
    yield client.query();
    // window: a write fits in here, and its delete voids the token
    if (!client.failed) {
      yield client.fill();
    }
    client.back();
  }
}

void compose(const scenario::Lease& load, Strategy& out) {
  out.load = lease_and_load;
  out.lease = load;
  out.layout.leases = true;
  out.layout.lease_rate = load.rate;
  out.layout.lease_ttl = load.token_ttl;
  out.layout.stale_values = load.stale;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

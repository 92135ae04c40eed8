#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// One client of a process loads; those who come while it does wait for its result.
void single_flight(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::flight_join);
    if (!client.reply.found) {
      yield client.wait_for_flight();
      client.stop_waiting();
      client.row = client.reply.version;
      client.failed = client.reply.failed;
      return client.back();
    }
    yield client.query();
    // window: a write and its delete fit in here, and a reader that comes after them still joins
    if (!client.failed) {
      yield client.fill();
    }
    yield client.issue({.kind = EffectKind::flight_finish,
                        .key = client.key,
                        .version = client.failed ? 0 : client.row});
    client.back();
  }
}

void compose(const scenario::SingleFlight& load, Strategy& out) {
  out.load = single_flight;
  out.forget = load.forget;
  out.layout.flights = true;
  out.layout.processes = load.processes;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The cache layer loads: one flight on the node that the key belongs to, whoever asks.
static void read_through(Client& client, const Strategy& strategy) {
  client.process = client.key % strategy.layout.processes;
  single_flight(client, strategy);
}

void compose(const scenario::ReadThrough& load, Strategy& out) {
  out.load = read_through;
  out.layout.flights = true;
  out.layout.processes = load.nodes;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

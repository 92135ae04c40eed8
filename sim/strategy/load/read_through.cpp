#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The cache layer loads: one flight on the node that the key belongs to, whoever asks.
void read_through(Client& client, const Strategy& strategy) {
  client.process = client.key % strategy.layout.processes;
  single_flight(client, strategy);
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

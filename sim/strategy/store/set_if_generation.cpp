#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores only if the key's generation is still the one that the miss saw: every delete begins a new
// one.
void set_if_generation(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::same_generation));
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

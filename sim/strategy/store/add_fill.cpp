#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores only where there is no entry: what a writer has stored meanwhile stays.
void add_fill(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::absent));
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores only where there is no entry: what a writer has stored meanwhile stays.
static void add_fill(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::absent));
    client.back();
  }
}

void compose(const scenario::AddFill&, Strategy& out) { out.store = add_fill; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

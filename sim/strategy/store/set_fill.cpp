#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores what was loaded, whatever has happened since; a hold-off alone can refuse it.
static void set_fill(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, strategy.unless_held()));
    client.back();
  }
}

void compose(const scenario::SetFill&, Strategy& out) { out.store = set_fill; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

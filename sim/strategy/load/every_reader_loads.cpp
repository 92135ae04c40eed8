#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Every reader that misses loads for itself.
static void every_reader_loads(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.query();
    // window: a write and its delete fit in here
    if (!client.failed) {
      yield client.fill();
    }
    client.back();
  }
}

void compose(const scenario::EveryReader&, Strategy& out) { out.load = every_reader_loads; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

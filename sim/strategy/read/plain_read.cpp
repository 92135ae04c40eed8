#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Cache-aside: the cache first, the database on a miss.
static void plain_read(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.look_up();
    if (client.hit) return client.finish(client.row);
    yield client.load();
    client.finish_loaded();
  }
}

void compose(const scenario::PlainRead&, Strategy& out) { out.read = plain_read; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Cache-aside: the cache first, the database on a miss.
void plain_read(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.look_up();
    if (client.hit) return client.finish(client.row);
    yield client.load();
    client.finish_loaded();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

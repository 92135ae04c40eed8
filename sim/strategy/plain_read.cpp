#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Cache-aside: the cache first, the database on a miss.
void plain_read(Client& client, const Strategy&) {
  reenter(client.reading) {
    yield client.cache_get(client.key);
    if (client.reply.found) return client.finish(client.reply.version);
    yield client.load();
    client.finish(client.row);
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

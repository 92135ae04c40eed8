#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores what was loaded, whatever has happened since. An absent row is not cached.
void set_fill(Client& client, const Strategy& strategy) {
  reenter(client.filling) {
    if (client.row != 0) {
      yield client.cache_set(client.key, client.row, strategy.ttl);
    }
    client.back();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Commits only: expiry alone ends the life of the old version in the cache.
void write_without_invalidation(Client& client, const Strategy&) {
  reenter(client.writing) {
    yield client.db_write(client.key);
    client.finish();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Delete, then commit.
void delete_before_commit(Client& client, const Strategy&) {
  reenter(client.writing) {
    yield client.cache_del(client.key, 0);
    // window: a reader misses, loads the old row and puts it back
    yield client.db_write(client.key);
    client.finish();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Commit, then store the new version.
void set_after_commit(Client& client, const Strategy& strategy) {
  reenter(client.writing) {
    yield client.db_write(client.key);
    client.row = client.reply.version;
    // window: another writer commits and stores a newer version
    yield client.cache_set(client.key, client.row, strategy.ttl);
    client.finish();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

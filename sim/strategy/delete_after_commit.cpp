#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The baseline: commit, then delete.
void delete_after_commit(Client& client, const Strategy&) {
  reenter(client.writing) {
    yield client.db_write(client.key);
    client.row = client.reply.version;
    // window: until the delete takes effect, readers still hit the old version
    yield client.cache_del(client.key, client.row);
    client.finish();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

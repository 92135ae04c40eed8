#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Delete, then commit.
static void delete_before_commit(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.invalidate();
    // window: a reader misses, loads the old row and puts it back
    yield client.issue(EffectKind::db_write);
    client.committed();
    client.finish_written();
  }
}

void compose(const scenario::DeleteBefore&, Strategy& out) { out.write = delete_before_commit; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The baseline: commit, then delete.
void delete_after_commit(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_write);
    if (!client.committed()) return client.fail();
    // window: until the delete takes effect, readers still hit the old version
    yield client.invalidate();
    client.finish_written();
  }
}

void compose(const scenario::DeleteAfter&, Strategy& out) { out.write = delete_after_commit; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

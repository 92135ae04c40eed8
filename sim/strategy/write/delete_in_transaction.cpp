#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The delete stands inside the transaction: before the commit, whatever the code looks like.
static void delete_in_transaction(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_begin);
    if (client.reply.failed) return client.fail();
    yield client.invalidate();
    // window: a reader misses, loads the row as it was, and puts it back
    yield client.issue(EffectKind::db_commit);
    client.committed();
    client.finish_written();
  }
}

void compose(const scenario::DeleteInTransaction&, Strategy& out) {
  out.write = delete_in_transaction;
  out.layout.transactions = true;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

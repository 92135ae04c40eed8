#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// The cache is written with the database; with a lock, by one writer at a time.
static void write_through(Client& client, const Strategy& strategy) {
  const auto& lock = strategy.write_through.lock;
  const bool cache_first =
      strategy.write_through.order == scenario::WriteThrough::Order::cache_first;
  reenter(client.routine()) {
    while (lock) {
      yield client.lock(*lock);
      if (client.reply.found) break;
      yield client.wait(lock->wait, lock->give_up, Until::unlocked);
      if (client.reply.refused) return client.fail();
    }
    client.stop_waiting();
    if (cache_first) {
      yield client.issue(EffectKind::db_begin);
      if (client.committed()) {
        yield client.issue(strategy.stored(client, When::always));
        // window: readers hit a version that is not committed, and may never be
        yield client.issue(EffectKind::db_commit);
        client.failed = client.reply.failed;
        yield client.delete_copies();
      }
    } else {
      yield client.issue(EffectKind::db_write);
      // window: without a lock that loads take too, an older version can still be stored last
      if (client.committed()) {
        yield client.issue(strategy.stored(client, When::always));
        yield client.delete_copies();
      }
    }
    if (lock) {
      yield client.unlock(*lock);
    }
    client.finish_written();
  }
}

void compose(const scenario::WriteThrough& write, Strategy& out) {
  out.write = write_through;
  out.write_through = write;
  out.layout.locks |= write.lock.has_value();
  out.layout.transactions = write.order == scenario::WriteThrough::Order::cache_first;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Whoever takes the key's lock loads; the others look again from time to time, and at last load for
// themselves.
static void lock_and_load(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    for (;;) {
      yield client.lock(strategy.lock);
      if (client.reply.found) break;
      yield client.wait(strategy.lock.wait, strategy.lock.give_up, Until::filled_or_unlocked);
      if (client.reply.refused) {  // gave up
        client.stop_waiting();
        yield client.query();
        return client.back();
      }
      yield client.look_up();
      if (client.hit && !client.soft) {
        client.stop_waiting();
        client.hit = false;
        return client.back();
      }
    }
    client.stop_waiting();
    yield client.look_up();  // the last holder may have filled it
    if (!client.hit || client.soft) {
      yield client.query();
      // window: a write and its delete fit in here, or the lock runs out
      if (!client.failed) {
        yield client.fill();
      }
    }
    client.hit = false;
    yield client.unlock(strategy.lock);
    client.back();
  }
}

void compose(const scenario::Lock& load, Strategy& out) {
  out.load = lock_and_load;
  out.lock = load;
  out.layout.locks = true;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

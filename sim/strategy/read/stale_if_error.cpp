#include "sim/core/checked_time.hpp"
#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Past its TTL (the soft expiry) an entry answers only when its load fails.
static void stale_if_error(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.look_up();
    if (client.hit && !client.soft) return client.finish(client.row);
    client.fallback = client.hit;
    client.old = client.row;
    yield client.load();
    client.hit = client.failed && client.fallback;
    if (client.hit) {
      client.failed = false;
      return client.finish(client.old);
    }
    client.finish_loaded();
  }
}

void compose(const scenario::StaleIfError& read, Strategy& out) {
  out.read = stale_if_error;
  out.soft = out.ttl;
  out.kept = read.keep;
  out.ttl = plus(out.ttl, read.keep);
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

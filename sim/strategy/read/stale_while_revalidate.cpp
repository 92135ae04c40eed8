#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Past its soft expiry an entry still answers, and is refreshed in the background; refresh-ahead is
// the same with a soft expiry that users never see.
static void stale_while_revalidate(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.look_up();
    if (client.hit) {
      if (client.soft) client.start({.task = Task::refresh});
      return client.finish(client.row);
    }
    yield client.load();
    client.finish_loaded();
  }
}

// A refresh looks at its lock once: who finds it taken leaves the refresh to its holder.
static void refresh_under_lock(std::optional<Duration> ttl, Strategy& out) {
  out.layout.locks = true;
  out.lock.ttl = ttl.value_or(scenario::refresh_lock_default);
}

void compose(const scenario::StaleWhileRevalidate& read, Strategy& out) {
  out.read = stale_while_revalidate;
  out.soft = read.soft;
  out.ttl = read.hard;
  refresh_under_lock(read.refresh_lock, out);
}

void compose(const scenario::RefreshAhead& read, Strategy& out) {
  out.read = stale_while_revalidate;
  out.soft = part_of(out.ttl, read.threshold);
  refresh_under_lock(read.refresh_lock, out);
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

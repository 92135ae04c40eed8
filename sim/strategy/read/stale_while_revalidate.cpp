#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Past its soft expiry an entry still answers, and is refreshed in the background; refresh-ahead is
// the same with a soft expiry that users never see.
void stale_while_revalidate(Client& client, const Strategy&) {
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

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

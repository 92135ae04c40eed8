#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Only the commit: the TTL is all there is.
void write_without_invalidation(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_write);
    client.committed();
    client.finish_written();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

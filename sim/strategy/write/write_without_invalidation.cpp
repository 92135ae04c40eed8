#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Only the commit: the TTL is all there is.
static void write_without_invalidation(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_write);
    client.committed();
    client.finish_written();
  }
}

void compose(const scenario::NoInvalidation&, Strategy& out) {
  out.write = write_without_invalidation;
}

void compose(const scenario::ChangeDataCapture& write, Strategy& out) {
  out.write = write_without_invalidation;
  out.follows_log = true;
  out.lag = write.lag;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

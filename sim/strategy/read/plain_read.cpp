#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Cache-aside: the cache first, the database on a miss.
static void plain_read(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.look_up();
    if (client.hit) return client.finish(client.row);
    if (client.reply.failed && strategy.fails_unanswered) return client.fail();
    yield client.load();
    client.finish_loaded();
  }
}

void compose(const scenario::PlainRead& read, Strategy& out) {
  out.read = plain_read;
  out.fails_unanswered = read.unanswered == scenario::PlainRead::Unanswered::fail;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

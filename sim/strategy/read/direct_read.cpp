#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// No cache at all.
void direct_read(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.query();
    client.finish_loaded();
  }
}

void compose(const scenario::DirectRead&, Strategy& out) { out.read = direct_read; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

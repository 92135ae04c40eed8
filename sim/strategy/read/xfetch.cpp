#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// XFetch: each read may call the entry expired before its time, more likely the nearer that is and
// the longer the load takes. Nobody coordinates them. Whether it does is in the reply: the engines
// decide it, the clock engine by the formula in sim/engine/clock/clock_effects.cpp.
static void xfetch(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.look_up();
    if (client.hit && !client.soft) return client.finish(client.row);
    client.hit = false;
    yield client.load();
    client.finish_loaded();
  }
}

void compose(const scenario::XFetch& read, Strategy& out) {
  out.read = xfetch;
  out.early = true;
  out.beta = read.beta;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

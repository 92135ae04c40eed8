#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

static Effect without_ttl(Effect set) {
  set.ttl = Duration::max();
  set.ttl_spread = Duration{0};
  return set;
}

static Effect only_ttl(Effect set) {
  set.kind = EffectKind::cache_set_ttl;
  return set;
}

// Two commands, where one would do.
static void set_then_expire(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(without_ttl(strategy.stored(client, strategy.unless_held())));
    // window: a client that dies here leaves an entry that never expires
    if (client.taken_for_stored()) {
      yield client.issue(only_ttl(strategy.stored(client, When::always)));
    }
    client.back();
  }
}

void compose(const scenario::SetThenExpire&, Strategy& out) { out.store = set_then_expire; }

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

static Effect with_ttl(Effect set, scenario::SetAfter::Ttl ttl) {
  if (ttl == scenario::SetAfter::Ttl::fresh) return set;
  set.keeps_ttl = ttl == scenario::SetAfter::Ttl::kept;
  set.ttl = Duration::max();
  set.ttl_spread = Duration{0};
  return set;
}

// Commit, then store the new version.
static void set_after_commit(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_write);
    if (!client.committed()) return client.fail();
    // window: another writer commits and stores a newer version
    yield client.issue(with_ttl(
        strategy.stored(client, strategy.store == set_if_newer ? When::newer : When::always),
        strategy.written_ttl));
    yield client.delete_copies();
    client.finish_written();
  }
}

void compose(const scenario::SetAfter& write, Strategy& out) {
  out.write = set_after_commit;
  out.written_ttl = write.ttl;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

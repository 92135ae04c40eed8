#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Lists the group's keys in one command that blocks the server, and deletes what it listed.
static void delete_by_keys(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::cache_keys);
    // window: what is stored now was not listed
    if (client.reply.found) {
      yield client.issue(EffectKind::cache_del_listed);
    }
    client.back();
  }
}

void compose(const scenario::DeleteByKeys&, Strategy& out) {
  out.write = delete_after_commit;
  out.invalidate = delete_by_keys;
  out.by_group = true;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

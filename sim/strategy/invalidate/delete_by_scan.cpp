#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Goes through the keys page by page, deleting the group's.
static void delete_by_scan(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    client.index = 0;
    do {
      yield client.issue({.kind = EffectKind::cache_scan,
                          .key = client.key,
                          .version = strategy.scan_count,
                          .token = client.index});
      client.index = client.reply.token;
      // window: what is stored on this page now was not listed
      if (client.reply.found) {
        yield client.issue(EffectKind::cache_del_listed);
      }
    } while (client.index != 0);
    client.back();
  }
}

void compose(const scenario::DeleteByScan& write, Strategy& out) {
  out.write = delete_after_commit;
  out.invalidate = delete_by_scan;
  out.by_group = true;
  out.scan_count = write.count;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

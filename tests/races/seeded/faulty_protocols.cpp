#include "tests/races/seeded/faulty_protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::test {

void lock_without_second_look(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    for (;;) {
      yield client.lock(strategy.lock);
      if (client.reply.found) break;
      yield client.wait(strategy.lock.wait, strategy.lock.give_up, Until::filled_or_unlocked);
      if (client.reply.refused) {
        yield client.query();
        return client.back();
      }
    }
    yield client.query();
    if (!client.failed) {
      yield client.fill();
    }
    yield client.unlock(strategy.lock);
    client.back();
  }
}

void lock_without_unlock(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.lock(strategy.lock);
    yield client.look_up();
    if (!client.hit) {
      yield client.query();
      if (!client.failed) {
        yield client.fill();
      }
    }
    client.hit = false;
    client.back();
  }
}

void set_without_copies(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::db_write);
    if (!client.committed()) return client.fail();
    yield client.issue(strategy.stored(client, When::always));
    client.finish_written();
  }
}

void set_whatever(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::always));
    client.back();
  }
}

void invalidate_nothing(Client& client, const Strategy&) { client.back(); }

void delete_without_version(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue({.kind = EffectKind::cache_del,
                        .leaves = strategy.leaves,
                        .key = client.key,
                        .ttl = strategy.leaves_for});
    client.back();
  }
}

void delete_shared_only(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::cache_del);
    client.back();
  }
}

void list_without_delete(Client& client, const Strategy&) {
  reenter(client.routine()) {
    yield client.issue(EffectKind::cache_keys);
    client.back();
  }
}

void scan_first_page(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(
        {.kind = EffectKind::cache_scan, .key = client.key, .version = strategy.scan_count});
    if (client.reply.found) {
      yield client.issue(EffectKind::cache_del_listed);
    }
    client.back();
  }
}

}  // namespace cacherace::test

#include <boost/asio/unyield.hpp>

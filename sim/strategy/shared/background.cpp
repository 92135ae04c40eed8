#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// What goes on when the operation that started it has long been answered.
void background(Client& client, const Strategy& strategy) {
  const bool at_least_once = client.task == Task::propagate ||
                             strategy.second_delete.timer == scenario::DoubleDelete::Timer::durable;
  reenter(client.routine()) {
    if (client.task == Task::second_delete || client.task == Task::propagate) {
      do {
        yield client.invalidate();
      } while (client.undelivered && at_least_once);
    } else if (client.task == Task::end_group) {
      do {
        yield client.invalidate();
        client.key += strategy.by_group ? strategy.layout.rows : strategy.layout.groups;
      } while (client.key < strategy.layout.rows);
    } else if (client.task == Task::tell) {
      yield client.issue(EffectKind::local_del);
    } else if (client.task == Task::refresh) {
      // One refresh at a time: whoever takes the lock.
      yield client.lock(strategy.lock);
      if (client.reply.found) {
        yield client.look_up();
        if (!client.hit || client.soft) {
          yield client.query();
          // window: a write and its delete fit in here
          if (!client.failed) {
            yield client.fill();
          }
        }
        yield client.unlock(strategy.lock);
      }
    } else if (client.task == Task::flush) {
      for (client.index = 0; client.index < strategy.write_behind.batch; ++client.index) {
        yield client.issue(EffectKind::queue_take);
        if (client.reply.failed) break;
        if (!client.reply.found) return client.finish();
        client.key = client.reply.token;
        client.row = client.reply.version;
        yield client.issue(
            {.kind = EffectKind::db_write, .key = client.key, .version = client.row});
        if (client.reply.failed) break;
        yield client.issue({.kind = EffectKind::cache_clean,
                            .key = client.key,
                            .version = client.row,
                            .token = client.index + 1 == strategy.write_behind.batch ? 1U : 0U});
      }
      // The batch is full, or there was no answer.
      const bool more = client.reply.failed || client.reply.token != 0;
      if (more) client.start({.task = Task::flush, .durable = true});
    }
    // A late command or a mishap was one effect, issued by whoever started it.
    client.finish();
  }
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Delete before or after the commit, and once more a while later, for what slow readers put back.
static void double_delete(Client& client, const Strategy& strategy) {
  using scenario::DoubleDelete;
  const auto& settings = strategy.second_delete;
  reenter(client.routine()) {
    if (settings.first == DoubleDelete::First::before) {
      yield client.invalidate();
    }
    yield client.issue(EffectKind::db_write);
    if (!client.committed()) return client.fail();
    if (settings.first == DoubleDelete::First::after) {
      yield client.invalidate();
    }
    client.start({.task = Task::second_delete,
                  .durable = settings.timer == DoubleDelete::Timer::durable,
                  .version = client.row});
    client.finish_written();
  }
}

void compose(const scenario::DoubleDelete& write, Strategy& out) {
  out.write = double_delete;
  out.second_delete = write;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>

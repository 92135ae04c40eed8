#include "sim/strategy/strategy.hpp"

#include <variant>

#include "sim/core/assert.hpp"
#include "sim/strategy/protocols.hpp"

namespace cacherace::strategy {
namespace {

using world::Slot;

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

// A choice without a protocol never gets here: the loader has refused it.
Protocol not_built() {
  SIM_ASSERT(false);
  return nullptr;
}

Protocol protocol_of(const scenario::Read& read) {
  return std::holds_alternative<scenario::PlainRead>(read) ? plain_read : not_built();
}

Protocol protocol_of(const scenario::Load& load) {
  return std::holds_alternative<scenario::EveryReader>(load) ? every_reader_loads : not_built();
}

Protocol protocol_of(const scenario::Fill& fill) {
  return std::holds_alternative<scenario::SetFill>(fill) ? set_fill : not_built();
}

Protocol protocol_of(const scenario::Write& write) {
  return std::visit(
      Overloaded{
          [](scenario::NoInvalidation) { return Protocol{write_without_invalidation}; },
          [](scenario::DeleteAfter) { return Protocol{delete_after_commit}; },
          [](scenario::DeleteBefore) { return Protocol{delete_before_commit}; },
          [](scenario::SetAfter) { return Protocol{set_after_commit}; },
          [](const auto&) { return not_built(); },
      },
      write);
}

}  // namespace

Strategy compose(const scenario::Strategy& settings) {
  return {.name = settings.name,
          .read = protocol_of(settings.read),
          .load = protocol_of(settings.load),
          .fill = protocol_of(settings.fill),
          .write = protocol_of(settings.write),
          .ttl = settings.expiry.ttl.value_or(Duration::max())};
}

// Runs slots, each calling the next, until one issues an effect or the operation is finished.
static void run_to_next_effect(Client& client, const Strategy& strategy) {
  while (client.busy() && !client.take_issued()) {
    switch (client.active) {
      case Slot::read:
        strategy.read(client, strategy);
        break;
      case Slot::load:
        strategy.load(client, strategy);
        break;
      case Slot::fill:
        strategy.fill(client, strategy);
        break;
      case Slot::write:
        strategy.write(client, strategy);
        break;
      case Slot::none:
        break;
    }
  }
}

void Strategy::begin(Client& client, OperationKind operation, Key key) const {
  SIM_ASSERT(!client.busy());
  client = {};
  client.operation = operation;
  client.key = key;
  client.active = operation == OperationKind::read ? Slot::read : Slot::write;
  run_to_next_effect(client, *this);
}

void Strategy::resume(Client& client, const Reply& reply) const {
  SIM_ASSERT(client.busy());
  client.reply = reply;
  run_to_next_effect(client, *this);
}

}  // namespace cacherace::strategy

#pragma once
// A strategy: one protocol per slot, and the driver that runs a client through them.

#include <string>

#include "sim/scenario/scenario.hpp"
#include "sim/world/client.hpp"

namespace cacherace::strategy {

using world::Client;

struct Strategy;

/// A slot's protocol: goes on from where the client's routine stands, up to its next yield.
using Protocol = void (*)(Client&, const Strategy&);

struct Strategy {
  std::string name;
  Protocol read;
  Protocol load;
  Protocol fill;
  Protocol write;
  Duration ttl = Duration::max();  // of what a fill stores; max() for no expiry

  /// Starts an operation: afterwards the client's first effect is pending. Requires an idle client.
  void begin(Client& client, OperationKind operation, Key key) const;

  /// Hands over the reply to the pending effect: afterwards the next effect is pending, or the
  /// operation is finished (`!client.busy()`). Requires a busy client. O(1).
  void resume(Client& client, const Reply& reply) const;
};

/// The protocols that a scenario's strategy chooses. Everything that is not built is refused by the
/// loader.
Strategy compose(const scenario::Strategy& settings);

}  // namespace cacherace::strategy

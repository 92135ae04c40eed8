#pragma once
// Everything that is simulated, as one value that can be copied and compared.

#include <vector>

#include "sim/core/digest.hpp"
#include "sim/world/cache.hpp"
#include "sim/world/client.hpp"
#include "sim/world/database.hpp"

namespace cacherace::world {

struct World {
  explicit World(Key keys, std::size_t client_count = 0)
      : cache(keys), database(keys), clients(client_count) {}

  /// Lets an effect take effect now. The world draws nothing: whatever is left to chance was
  /// decided by the engine when it chose the effect and the moment. O(1).
  Reply perform(const Effect& effect, SimTime now);

  Cache cache;
  Database database;
  std::vector<Client> clients;

  bool operator==(const World&) const = default;
};

/// Mixes every part of the world in: equal worlds have equal digests. O(keys + clients).
void add(Digest& digest, const World& world);

}  // namespace cacherace::world

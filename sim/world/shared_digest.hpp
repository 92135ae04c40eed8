#pragma once
// The digest of what clients share.

#include "sim/world/world.hpp"

namespace cacherace::world {

/// Mixes every part of the world in but its clients. O(slots).
void add_shared(Digest& digest, const World& world);

}  // namespace cacherace::world

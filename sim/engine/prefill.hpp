#pragma once
// Entries that are there before anything starts.

#include <functional>

#include "sim/strategy/strategy.hpp"
#include "sim/world/world.hpp"

namespace cacherace::engine {

/// The effect that caches the key's row as it stands, as the strategy would have stored it. Gives
/// the key's group a version first, where keys are named by it. Requires that there is a row.
Effect prefill_effect(const strategy::Strategy& strategy, world::World& world, Key key,
                      SimTime now);

/// Lets a read of a script run alone from its start to its end, and tells of each of its effects.
/// Throws where it does not end.
void read_alone(const strategy::Strategy& strategy, world::World& world, Key key,
                const std::function<void(const Effect&, const Reply&)>& performed);

}  // namespace cacherace::engine

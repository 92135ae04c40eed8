#pragma once
// States of a race, told apart as a search tells them apart.

#include "sim/engine/race/race.hpp"

namespace cacherace::engine {

/// Equal for equal states, wherever their tasks are kept: a place that a task has left, and the
/// order of places, count only where clients depend on each other directly. So never more digests
/// are met than a search without symmetry tells states apart. O(slots + clients).
std::uint64_t canonical_digest(const Race& race, const Race::State& state);

}  // namespace cacherace::engine

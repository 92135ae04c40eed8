#pragma once
// A saved counterexample whose steps no longer match, fitted to the race as it is now.

#include <optional>

#include "sim/engine/race/realign.hpp"
#include "sim/harness/counterexample/saved_race.hpp"
#include "sim/harness/explore/explore_race.hpp"

namespace cacherace::harness {

struct RealignedRace {
  engine::Realigned execution;
  std::optional<Violation> violation;  // of the saved property, still
};

/// Follows the saved steps as far as they can be, then draws with `seed`. Where time counts, only
/// steps that it allows are taken, and they take effect at new times: of a property that measures
/// time, at those of the worst moment, after which the clients finish one after another. See
/// engine::realign.
RealignedRace realign(const SavedRace& saved, const engine::Race& race, std::uint64_t seed);

}  // namespace cacherace::harness

#pragma once
// What can expire next, and what can be evicted.

#include <cstddef>
#include <vector>

#include "tests/races/oracle/oracle_world.hpp"

namespace cacherace::oracle {

/// Something that stands in a cache, by its place.
struct Timer {
  enum class Of { value, lock, lease, deleted, held_off, mark, generation, counter, local };
  Of of = Of::value;
  std::size_t key = 0;
  std::size_t index = 0;  // of the value, or of the process
  bool softens = false;   // it passes its soft expiry only
};

/// Of all that stands there with a time to live, what can be the next whose
/// time is over: whatever was stored in an earlier step, to live no longer,
/// goes before.
std::vector<Timer> next_timers(const State& state);
void fire(const Strategy& strategy, State& state, const Timer& timer, int step);

/// All that a cache server can lose by eviction.
std::vector<Timer> evictable(const State& state);
void evict(const Strategy& strategy, State& state, const Timer& victim, int step);

}  // namespace cacherace::oracle

#pragma once
// The smallest part of a race that still violates a property, and its shortest schedule.

#include <optional>

#include "sim/engine/race.hpp"
#include "sim/judge/property.hpp"
#include "sim/search/enumerate.hpp"

namespace cacherace::harness {

struct SmallestRace {
  engine::Plan plan;
  History history;
  judge::Finding finding;
  bool minimal = true;  // false when a budget ended before every smaller race was exhausted
};

/// Tries the race with fewer operations first; within the smallest violating race, takes the
/// schedule with the fewest steps, then the fewest context switches. Nothing when no part violates
/// within the budget, which holds for each part.
std::optional<SmallestRace> smallest_race(const engine::Plan& plan,
                                          const strategy::Strategy& strategy,
                                          const judge::Property& property,
                                          const search::Budget& budget);

}  // namespace cacherace::harness

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
  bool minimal = false;  // no race with fewer operations and no shorter schedule violates
};

/// Takes the part of the race with the fewest operations that violates the property, and of it the
/// schedule with the fewest steps, then the fewest context switches. A race of more than a dozen
/// operations first loses what it can lose one by one, and what is left is not called minimal.
/// Nothing when `budget.go_on` says no, or a budget of visited schedules ends, before any part was
/// seen to violate.
std::optional<SmallestRace> smallest_race(const engine::Plan& plan,
                                          const strategy::Strategy& strategy,
                                          const judge::Property& property, std::uint64_t limit,
                                          const search::Budget& budget);

}  // namespace cacherace::harness

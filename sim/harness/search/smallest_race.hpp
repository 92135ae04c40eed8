#pragma once
// The smallest part of a race that still violates a property, and its shortest schedule.

#include "sim/harness/explore/explore_race.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::harness {

/// How many operations the clients of a race have in all.
std::size_t operations_of(const engine::Plan& plan);

struct SmallestRace {
  engine::Plan plan;
  Violation violation;
  bool fewest_faults = false;  // no schedule of the whole race with fewer faults violates
  bool arises_without = true;  // with fewer, the situation that the property is about still arises
  bool minimal = false;        // no race with fewer operations and no shorter schedule violates
};

/// Takes the part of the race with the fewest faults, then the fewest operations, that violates the
/// property, and of it the schedule with the fewest steps, then the fewest context switches. A race
/// of more than fourteen operations may first lose what it can lose one by one, and what is left is
/// not called minimal. `found`: a violation of the whole race, which is returned when
/// `budget.go_on` says no before anything smaller was found.
SmallestRace smallest_race(const engine::Plan& plan, const strategy::Strategy& strategy,
                           const Question& question, Violation found,
                           const search::StateBudget& budget);

/// The counterexample as reports show it.
report::Counterexample describe_smallest(const SmallestRace& smallest,
                                         const strategy::Strategy& strategy,
                                         const Question& question);

}  // namespace cacherace::harness

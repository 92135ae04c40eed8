#pragma once
// Which schedules some assignment of times allows, found the plain way: every schedule, and the
// difference constraints of each.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/core/monitor.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::test {

/// What the possible schedules come to. Times are in nanoseconds, nothing for unbounded.
struct InTimeCounts {
  std::uint64_t schedules = 0, possible = 0;
  std::vector<Observed> properties;  // by judge::untimed_properties()
  std::optional<std::int64_t> staleness = 0;
  std::optional<std::int64_t> wait = 0;
};

/// Nothing where there are more than `schedules_max` schedules.
std::optional<InTimeCounts> count_in_time(const engine::Race& race,
                                          const scenario::Scenario& scenario,
                                          const strategy::Strategy& strategy,
                                          std::uint64_t schedules_max);

}  // namespace cacherace::test

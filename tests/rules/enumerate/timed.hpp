#pragma once
// Every schedule of a race under latencies that some moments allow: schedule by schedule, each with
// its system of difference constraints. Neither zones nor states.

#include <optional>

#include "tests/rules/enumerate/judges.hpp"

namespace cacherace::rules {

struct Longest {
  bool unbounded = false;
  Time time = 0;
};

struct Timed {
  // That some moments allow, each once for each way in which those who waited went on.
  std::uint64_t schedules = 0;
  std::array<bool, 10> arises{}, violated{};
  std::array<History, 10> example;
  int loads = 0;
  Longest staleness, wait;
};

/// Nothing when more than `steps_max` steps would have to be tried. Knows crashes, evictions and
/// flushes, but no lost commands, locks, leases, transactions or write-behind.
std::optional<Timed> try_all_times(const Race& race, std::uint64_t steps_max);

}  // namespace cacherace::rules

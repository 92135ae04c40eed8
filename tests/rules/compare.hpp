#pragma once
// The oracle's answer about a race against the product's.

#include <cstdint>
#include <string>

#include "tests/rules/model/race.hpp"

namespace cacherace::rules {

struct Comparison {
  bool refused = false;  // by the loader: the choices make no sense together
  bool large = false;    // more schedules than were allowed
  std::uint64_t schedules = 0;
  bool verdicts = false;   // they differ in verdicts or worst cases, not in numbers only
  std::string difference;  // for a person to read; empty if there is none
};

/// The same of a race under latencies, by verdicts and worst cases. `schedules` are those that some
/// moments allow.
Comparison compare_timed(const Race& race, std::uint64_t steps_max);

/// Verdicts, worst cases, and the numbers of schedules and of violating ones.
Comparison compare(const Race& race, std::uint64_t schedules_max);

}  // namespace cacherace::rules

#pragma once
// Sums and products of durations that a scenario can make as long as it likes. A duration of a
// scenario is at most a year, so that the sum of a few is always one; what is counted, or added up
// over a run, comes here.

#include <algorithm>

#include "sim/core/fixed.hpp"
#include "sim/core/units.hpp"

namespace cacherace {

/// The sum, or the longest duration there is where that is less. Requires that none is negative.
constexpr Duration plus(Duration a, Duration b) {
  return a < Duration::max() - b ? a + b : Duration::max();
}

/// So many times the duration, in the same way.
constexpr Duration times(std::uint64_t count, Duration each) {
  const Uint128 exact = Uint128{count} * static_cast<std::uint64_t>(each.count());
  constexpr Uint128 most = static_cast<std::uint64_t>(Duration::max().count());
  return Duration(static_cast<std::int64_t>(std::min(exact, most)));
}

/// The duration times `numerator / denominator`, rounded down, in the same way. Requires a
/// denominator above 0.
constexpr Duration scaled(Duration whole, std::uint64_t numerator, std::uint64_t denominator) {
  const Uint128 exact =
      Uint128{static_cast<std::uint64_t>(whole.count())} * numerator / denominator;
  constexpr Uint128 most = static_cast<std::uint64_t>(Duration::max().count());
  return Duration(static_cast<std::int64_t>(std::min(exact, most)));
}

/// What a run may simulate: its clock cannot count much further. What comes later ends the run.
inline constexpr SimTime end_of_time = start_of_time + std::chrono::hours{24 * 365 * 200};

}  // namespace cacherace

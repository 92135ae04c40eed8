#pragma once
// Units of the simulation. Virtual time is counted in whole nanoseconds from the start of a run; it
// has its own clock type, so that it cannot be mixed up with real time.

#include <chrono>
#include <compare>
#include <cstdint>

namespace cacherace {

using Duration = std::chrono::nanoseconds;

/// The clock of the simulated world. It has no now(): time is always handed in.
struct SimClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SimClock, Duration>;
  static constexpr bool is_steady = true;
};

/// A moment of virtual time.
using SimTime = SimClock::time_point;

inline constexpr SimTime start_of_time{};
inline constexpr SimTime never = SimTime::max();

/// `delay` after `time`, but always before `never`. Requires `delay` not to be negative.
constexpr SimTime later(SimTime time, Duration delay) {
  constexpr SimTime last = never - Duration{1};
  return delay < last - time ? time + delay : last;
}

/// A decimal number with nine places, held exactly: shares, exponents and rates of a scenario.
struct Decimal {
  static constexpr std::int64_t one = 1'000'000'000;
  std::int64_t billionths = 0;

  auto operator<=>(const Decimal&) const = default;
};

/// A part of a whole, from 0 to 1.
using Share = Decimal;

/// Occurrences per second of virtual time.
using Rate = Decimal;

/// A size in bytes.
using Bytes = std::uint64_t;

}  // namespace cacherace

#pragma once
// How round a duration is, in decimal digits of its nanoseconds.

#include "sim/core/units.hpp"

namespace cacherace::harness {

/// The power of ten that is not above `duration`: 7 for 30ms. Requires it to be above 0.
constexpr int magnitude(Duration duration) {
  int power = 0;
  for (auto rest = duration.count() / 10; rest > 0; rest /= 10) ++power;
  return power;
}

constexpr Duration of_magnitude(int power) {
  Duration duration{1};
  for (int i = 0; i < power; ++i) duration *= 10;
  return duration;
}

/// Digits up to the last one that is not 0: 1 for 30ms, 3 for 30.5ms, 0 for 0.
constexpr int significant_digits(Duration duration) {
  if (duration == Duration::zero()) return 0;
  int digits = magnitude(duration) + 1;
  for (auto rest = duration.count(); rest % 10 == 0; rest /= 10) --digits;
  return digits;
}

/// Its first digits, from 1, and zeros after them.
constexpr Duration rounded_down(Duration duration, int digits) {
  if (significant_digits(duration) <= digits) return duration;
  return duration - duration % of_magnitude(magnitude(duration) - digits + 1);
}

/// The next number of so many digits above, or the duration itself when it has no more.
constexpr Duration rounded_up(Duration duration, int digits) {
  const Duration down = rounded_down(duration, digits);
  return down == duration ? duration : down + of_magnitude(magnitude(duration) - digits + 1);
}

}  // namespace cacherace::harness

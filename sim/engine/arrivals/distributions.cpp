#include "sim/engine/arrivals/distributions.hpp"

#include <algorithm>

#include "sim/core/fixed.hpp"

namespace cacherace::engine {
namespace {

// Nanoseconds that so many billionths of an occurrence take: 10^18 / rate for a whole one, to the
// nearest.
Duration time_of(Int128 billionths, Rate rate) {
  constexpr Int128 nanoseconds_per_second = 1'000'000'000;
  const Int128 exact =
      (billionths * nanoseconds_per_second + rate.billionths / 2) / rate.billionths;
  return Duration(static_cast<std::int64_t>(std::min<Int128>(exact, Duration::max().count())));
}

}  // namespace

Duration poisson_gap(Rate rate, std::uint64_t word) {
  return time_of(exponential(Duration(Decimal::one), word).count(), rate);
}

Duration constant_gaps(Rate rate, std::uint64_t count) {
  return time_of(Int128{count} * Decimal::one, rate);
}

Duration exponential(Duration mean, std::uint64_t word) {
  constexpr Q32 ln2 = 2977044472;                           // ln 2 * 2^32
  const Q32 bits = Q32{64} * q32_one - log2_q32(word | 1);  // -log2 of word / 2^64
  const Q32 means = multiply_q32(bits, ln2);
  constexpr Int128 half = Int128{1} << 31;  // rounds to the nearest, so that sums have no bias
  const Int128 drawn = (Int128{mean.count()} * means + half) >> 32;
  return Duration(static_cast<std::int64_t>(std::min<Int128>(drawn, Duration::max().count())));
}

Duration uniform(const scenario::Uniform& range, std::uint64_t word) {
  const auto values = static_cast<std::uint64_t>((range.max - range.min).count()) + 1;
  return range.min + Duration(static_cast<std::int64_t>(multiply_high(word, values)));
}

Duration lognormal(const scenario::Lognormal& latency, std::uint64_t u, std::uint64_t v) {
  constexpr std::int64_t z99 = 9991588038;  // 99 % point of the standard normal, * 2^32
  const auto log2_of = [](Duration d) {
    return log2_q32(static_cast<std::uint64_t>(std::max<std::int64_t>(d.count(), 1)));
  };
  const Q32 log_median = log2_of(latency.median);
  const Q32 spread = log2_of(latency.p99) - log_median;
  const Q32 exponent = log_median + multiply_divide(normal_q32(u, v), spread, z99);
  constexpr Q32 largest = Q32{61} * q32_one;  // far beyond any run, and still a Duration
  if (exponent < 0) return Duration{0};
  const Q32 bounded = std::min(exponent, largest);
  // 2^x with x up to 61: the fraction in fixed point, the whole part as a shift.
  const auto whole = static_cast<int>(bounded >> 32);
  const Q32 mantissa = exp2_q32(bounded & (q32_one - 1));  // in [1, 2), 33 bits
  return Duration(whole >= 32 ? mantissa << (whole - 32) : mantissa >> (32 - whole));
}

}  // namespace cacherace::engine

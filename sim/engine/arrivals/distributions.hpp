#pragma once
// Draws from the distributions of a scenario, by integer arithmetic.

#include "sim/core/stream.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::engine {

/// True with probability `share`, decided by a uniform word.
inline bool chance(Share share, std::uint64_t word) {
  // share <= 1, so the threshold fits: floor(2^64 * share), except that 1 is always.
  if (share.billionths >= Decimal::one) return true;
  constexpr auto scale = ~std::uint64_t{0} / Decimal::one;
  return word < static_cast<std::uint64_t>(share.billionths) * scale;
}

/// Exponential with that mean, from a uniform word; below 45 means. O(1).
Duration exponential(Duration mean, std::uint64_t word);

/// From one Poisson arrival of that rate to the next, from a uniform word. O(1).
Duration poisson_gap(Rate rate, std::uint64_t word);

/// From the start of an evenly spaced flow of that rate to its arrival number `count`. O(1).
Duration constant_gaps(Rate rate, std::uint64_t count);

/// A latency from a uniform word; `tail` is drawn only by a distribution that needs a second one.
/// O(1).
template <typename Tail>
Duration sample(const scenario::Latency& latency, std::uint64_t word, Tail&& tail);

/// Standard-normal based: median * (p99 / median) ^ (z / z99).
Duration lognormal(const scenario::Lognormal& latency, std::uint64_t u, std::uint64_t v);
Duration uniform(const scenario::Uniform& latency, std::uint64_t word);

template <typename Tail>
Duration sample(const scenario::Latency& latency, std::uint64_t word, Tail&& tail) {
  if (const auto* range = std::get_if<scenario::Uniform>(&latency)) return uniform(*range, word);
  if (const auto* fixed = std::get_if<scenario::Constant>(&latency)) return fixed->value;
  if (const auto* memoryless = std::get_if<scenario::Exponential>(&latency))
    return std::min(exponential(memoryless->mean, word), memoryless->max.value_or(Duration::max()));
  const auto& skewed = std::get<scenario::Lognormal>(latency);
  return std::min(lognormal(skewed, word, tail()), skewed.max.value_or(Duration::max()));
}

}  // namespace cacherace::engine

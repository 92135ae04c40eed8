#include "sim/world/access.hpp"

#include <algorithm>

namespace cacherace::world {
namespace {

constexpr std::uint32_t lfu_minute_max = (1U << 16) - 1;

std::uint32_t ticks(SimTime now, Duration resolution, std::uint32_t mask) {
  return static_cast<std::uint32_t>((now - start_of_time) / resolution) & mask;
}

// Since `then`, on a clock that has gone round at most once, counted as Redis does: its clocks lose
// a tick when they go round.
std::uint32_t elapsed(std::uint32_t then, std::uint32_t now, std::uint32_t last) {
  return now >= then ? now - then : last - then + now;
}

std::uint32_t lfu_minute(SimTime now) {
  return ticks(now, std::chrono::minutes{1}, lfu_minute_max);
}

LfuBits pack(std::uint32_t minute, std::uint32_t counter) { return minute << 8 | counter; }

}  // namespace

std::uint32_t lru_clock(SimTime now) { return ticks(now, lru_resolution, lru_clock_max); }

std::uint32_t lru_idle(std::uint32_t accessed, std::uint32_t clock) {
  return elapsed(accessed, clock, lru_clock_max);
}

LfuBits lfu_new(SimTime now) { return pack(lfu_minute(now), lfu_counter_start); }

std::uint32_t lfu_counter(LfuBits bits, SimTime now, const LfuSettings& settings) {
  const std::uint32_t counter = bits & lfu_counter_max;
  if (settings.decay_time == Duration{0}) return counter;
  const std::chrono::minutes idle{elapsed(bits >> 8, lfu_minute(now), lfu_minute_max)};
  const auto periods = Duration{idle} / settings.decay_time;
  return counter - static_cast<std::uint32_t>(std::min<std::int64_t>(periods, counter));
}

LfuBits lfu_accessed(LfuBits bits, SimTime now, const LfuSettings& settings, Words& words) {
  std::uint32_t counter = lfu_counter(bits, now, settings);
  const std::uint64_t above = std::max(counter, lfu_counter_start) - lfu_counter_start;
  const std::uint64_t odds = above * settings.log_factor + 1;
  if (counter < lfu_counter_max && (odds == 1 || words.below(odds) == 0)) ++counter;
  return pack(lfu_minute(now), counter);
}

}  // namespace cacherace::world

#pragma once
// What a Redis server remembers of the accesses to an entry: 24 bits, which hold the time of the
// last access (LRU) or a counter of accesses (LFU).

#include <cstdint>

#include "sim/core/stream.hpp"
#include "sim/core/units.hpp"

namespace cacherace::world {

/// Resolution of the LRU clock: two accesses within one tick are of the same age.
inline constexpr Duration lru_resolution = std::chrono::seconds{1};
/// Last reading of the LRU clock; the next one is 0. It goes round in 194 days.
inline constexpr std::uint32_t lru_clock_max = (1U << 24) - 1;

/// Reading of the LRU clock at `now`, from 0 to `lru_clock_max`.
std::uint32_t lru_clock(SimTime now);
/// Ticks since `accessed`, where the clock reads `clock` now. A reading ahead of the clock is from
/// the round before; there Redis counts one tick too few, and so does this.
std::uint32_t lru_idle(std::uint32_t accessed, std::uint32_t clock);

/// Access metadata of an LFU policy: the minute of the last access (16 bits), and a logarithmic
/// counter (8 bits).
using LfuBits = std::uint32_t;

/// Where the counter of a new entry starts, so that it is not the next to go.
inline constexpr std::uint32_t lfu_counter_start = 5;
inline constexpr std::uint32_t lfu_counter_max = 255;

struct LfuSettings {
  std::uint32_t log_factor;
  Duration decay_time;  // 0: counters never decay

  bool operator==(const LfuSettings&) const = default;
};

/// Metadata of an entry that is new at `now`.
LfuBits lfu_new(SimTime now);
/// The counter as it stands at `now`: less one for each `decay_time` in the whole minutes since the
/// last access, at least 0.
std::uint32_t lfu_counter(LfuBits bits, SimTime now, const LfuSettings& settings);
/// Metadata after an access: the counter decays, and then grows by 1 with probability
/// 1 / (max(counter - 5, 0) · log_factor + 1), up to 255. Takes at most one word.
LfuBits lfu_accessed(LfuBits bits, SimTime now, const LfuSettings& settings, Words& words);

}  // namespace cacherace::world

#pragma once
// Counter-based random numbers. A draw is a pure function of (seed, actor, purpose, index), so that
// adding an actor or a strategy never shifts another's numbers.

#include <cstdint>

namespace cacherace {

/// What a draw decides. Part of the key: the order of the enumerators is part of every digest.
enum class Purpose : std::uint32_t {
  arrival,    // gap to the next arrival, tie of the arrival
  request,    // key, read or write
  effect,     // latency and ties; one purpose per kind of effect, from here on
  tail = 32,  // second word of a latency that needs two; one per kind of effect
  pause = 64,
  pause_tail = 65,
  think = 66,
  think_tail = 67,
};

/// 128 random bits.
struct Draw {
  std::uint64_t first;
  std::uint64_t second;
};

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), keyed by the seed. O(1), about ten nanoseconds.
Draw draw(std::uint64_t seed, std::uint64_t actor, Purpose purpose, std::uint32_t index);

}  // namespace cacherace

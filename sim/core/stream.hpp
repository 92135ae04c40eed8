#pragma once
// Counter-based random numbers. A draw is a pure function of (seed, actor, purpose, index), so that
// adding an actor or a strategy never shifts another's numbers.

#include <cstdint>

namespace cacherace {

/// What a draw decides. Part of the key: the order of the enumerators is part of every digest.
enum class Purpose : std::uint32_t {
  arrival,  // gap to the next arrival, tie of the arrival
  request,  // key, read or write
  pause,
  pause_tail,
  think,
  think_tail,
  task,  // how long a background task waits
  task_tail,
  lag,  // of a replica
  lag_tail,
  ttl,
  early,          // whether an entry is called expired before its time
  mishap,         // whether a client dies
  loss,           // whether a message is lost
  bypass,         // whether a read goes past the cache
  eviction,       // the cache server's own draws: samples, LFU counters
  filter,         // the hashes of a Bloom filter
  schedule,       // what is next, in a sample of a race's executions
  phase,          // how long the phases of bursty arrivals take
  absent,         // which rows do not exist
  choice,         // what a script's choose says
  place,          // which of several servers has a key
  admission,      // whether an operation is let in
  effect = 1000,  // latency and ties; one purpose per kind of effect, from here on
  tail = 2000,    // second word of a latency that needs two; one per kind of effect
};

/// 128 random bits.
struct Draw {
  std::uint64_t first;
  std::uint64_t second;
};

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), keyed by the seed. O(1), about ten nanoseconds.
Draw draw(std::uint64_t seed, std::uint64_t actor, Purpose purpose, std::uint32_t index);

/// The words of one key, one after another. A value: a copy goes on where the original stood. The
/// sequence begins anew after 2^32 words.
class Words {
 public:
  Words(std::uint64_t seed, std::uint64_t actor, Purpose purpose)
      : seed_(seed), actor_(actor), purpose_(purpose) {}

  /// 64 random bits: the first word of the next draw.
  std::uint64_t next() { return draw(seed_, actor_, purpose_, index_++).first; }
  /// Uniform in [0, n); takes one word. No number is favoured by more than 1 / 2^64. Requires
  /// n > 0.
  std::uint64_t below(std::uint64_t n);

  bool operator==(const Words&) const = default;

 private:
  std::uint64_t seed_;
  std::uint64_t actor_;
  Purpose purpose_;
  std::uint32_t index_ = 0;
};

}  // namespace cacherace

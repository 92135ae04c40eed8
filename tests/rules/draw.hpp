#pragma once
// Random races, of every feature that the oracle knows. The same number gives the same race.

#include <cstdint>
#include <initializer_list>

#include "tests/rules/model/race.hpp"

namespace cacherace::rules {

/// SplitMix64 (Steele, Lea and Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    auto z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  template <typename T>
  T of(std::initializer_list<T> values) {
    return values.begin()[below(static_cast<int>(values.size()))];
  }

 private:
  std::uint64_t state_;
};

/// What a race is about; a case of it is drawn by `draw`.
enum class Feature {
  crashes,
  write_behind,
  leases,
  groups,
  replicas,
  two_faults,
  local_caches,
  flights,
  refreshes,
  expiry,
  locks,
  guards,
  derived
};
constexpr int feature_count = 13;
const char* name(Feature feature);

Race draw(Feature feature, std::uint64_t number);

/// A race that asks for latencies, with few and even microseconds, of what `try_all_times` knows.
Race draw_timed(std::uint64_t number);

}  // namespace cacherace::rules

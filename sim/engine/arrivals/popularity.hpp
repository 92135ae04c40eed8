#pragma once
// Which key an operation is about.

#include <utility>
#include <vector>

#include "sim/core/effect.hpp"
#include "sim/core/fetch_ahead.hpp"
#include "sim/core/fixed.hpp"
#include "sim/core/large_pages.hpp"
#include "sim/core/stop_point.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::engine {

/// Samples keys 0 … count-1 by popularity, most popular first. Walker's alias method with Vose's
/// (1991) construction in integers: O(count) time and 8 bytes a key to build, O(1) and one word a
/// draw.
class KeySampler {
 public:
  KeySampler(const scenario::Popularity& popularity, Key count, StopPoint stop_point = {});
  explicit KeySampler(const scenario::KeySettings& keys, StopPoint stop_point = {})
      : KeySampler(keys.popularity, static_cast<Key>(keys.count), std::move(stop_point)) {}

  Key sample(std::uint64_t word) const;
  /// The same word will be sampled soon.
  void prefetch(std::uint64_t word) const {
    if (!cells_.empty()) fetch_ahead(&cells_[multiply_high(word, count_)]);
  }

 private:
  struct Cell {
    std::uint32_t own;  // of 2^32: how often the cell's own key is meant
    Key alias;          // meant otherwise
  };
  void build(const std::vector<std::uint64_t>& weights, StopPoint& stop_point);

  Key count_;
  LargeVector<Cell> cells_;  // empty: every key alike
};

}  // namespace cacherace::engine

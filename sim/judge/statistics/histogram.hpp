#pragma once
// Durations, counted in buckets of constant relative width.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/fixed.hpp"
#include "sim/core/units.hpp"

namespace cacherace::judge {

/// A log-linear histogram: 128 buckets to each doubling, so that a percentile is at most 0.8 %
/// above the exact one; count, mean and maximum are exact. About 60 kB; adding is O(1).
class Histogram {
 public:
  void add(Duration value);

  /// As if the values of `other` had been added one by one. O(buckets).
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  Duration max() const { return max_; }
  /// In nanoseconds. Requires count() > 0.
  double mean() const;
  /// Nearest rank (Hyndman and Fan 1996, definition 1) of `per_mille` in 0 … 1000: the upper end of
  /// the bucket that holds it, or the maximum when that is less. Requires count() > 0. O(buckets).
  Duration percentile(std::uint32_t per_mille) const;
  /// The same of the values and of `beyond` more that are all larger; nothing where it is one of
  /// those. Requires one of either kind.
  std::optional<Duration> percentile(std::uint32_t per_mille, std::uint64_t beyond) const;

  struct Above {
    Duration time{};
    std::uint64_t count = 0;  // of the values that are greater
  };
  /// Points at upper ends of buckets, where the counts are exact, ascending; the last is the
  /// maximum. At most `points_max`, the fewer where time, count and the count's magnitude change
  /// little; nothing without values. Requires points_max >= 2. O(buckets).
  std::vector<Above> above(std::size_t points_max) const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  Int128 sum_ = 0;
  Duration max_{};
};

}  // namespace cacherace::judge

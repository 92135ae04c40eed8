#pragma once
// What several replicates of a run say about a metric.

#include <optional>
#include <vector>

namespace cacherace::judge {

struct Interval {
  double low = 0;
  double high = 0;
};

struct Estimate {
  double mean = 0;
  std::optional<Interval> ci95;  // nothing for a single replicate
};

/// Mean of independent replicates, with the two-sided Student-t interval. Requires a non-empty
/// sample. O(n).
Estimate estimate(const std::vector<double>& sample);

/// What `treatment` is above `baseline` on average, with the interval of the differences between
/// values at the same place: of the same seed, so that what both have in common cancels out. Pairs
/// that lack a value are left out; nothing without a pair. Requires samples of one size. O(n).
std::optional<Estimate> paired_difference(const std::vector<std::optional<double>>& treatment,
                                          const std::vector<std::optional<double>>& baseline);

/// The interval of a mean at another confidence, such as 0.999. Requires at least two values.
Interval student_interval(const std::vector<double>& sample, double confidence);

}  // namespace cacherace::judge

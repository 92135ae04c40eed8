#pragma once
// Where a curve turns.

#include <cstddef>
#include <optional>
#include <vector>

namespace cacherace::judge {

/// Index of the point of `curve` that lies farthest from the line between its ends, when that is at
/// least 15 % of its range and more than `margins` there, the half widths of the confidence
/// intervals. Points are taken to be evenly spaced. Nothing for fewer than four points, or for a
/// curve without a knee. O(n). Source: Satopää et al. 2011, without their smoothing.
std::optional<std::size_t> knee(const std::vector<double>& curve,
                                const std::vector<double>& margins);

}  // namespace cacherace::judge

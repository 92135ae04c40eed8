#include "sim/judge/statistics/knee.hpp"

#include <algorithm>
#include <cmath>

#include "sim/core/assert.hpp"

namespace cacherace::judge {

std::optional<std::size_t> knee(const std::vector<double>& curve,
                                const std::vector<double>& margins) {
  SIM_ASSERT(curve.size() == margins.size());
  constexpr std::size_t points_min = 4;
  constexpr double share_min = 0.15;
  if (curve.size() < points_min) return std::nullopt;
  const auto [least, most] = std::minmax_element(curve.begin(), curve.end());
  const double last = static_cast<double>(curve.size() - 1);
  std::optional<std::size_t> found;
  double farthest = share_min * (*most - *least);
  for (std::size_t i = 1; i + 1 < curve.size(); ++i) {
    const double on_line =
        curve.front() + (curve.back() - curve.front()) * static_cast<double>(i) / last;
    const double distance = std::abs(curve[i] - on_line);
    if (distance <= farthest || distance <= margins[i]) continue;
    farthest = distance;
    found = i;
  }
  return found;
}

}  // namespace cacherace::judge

#pragma once
// The metrics that decide between strategies, shown first.

#include <algorithm>
#include <array>

#include "sim/core/metric_table.hpp"

namespace cacherace::report {

inline constexpr auto key_metrics = [] {
  constexpr auto is_first = [](const MetricRow& row) { return row.shown == Shown::first; };
  std::array<Metric, std::ranges::count_if(metric_rows, is_first)> metrics{};
  std::size_t count = 0;
  for (const MetricRow& row : metric_rows)
    if (is_first(row)) metrics[count++] = row.id;
  return metrics;
}();

}  // namespace cacherace::report

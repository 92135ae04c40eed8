#pragma once
// The metrics that decide between strategies, shown first.

#include <array>

namespace cacherace::report {

inline constexpr auto key_metrics =
    std::to_array<const char*>({"hit_ratio", "stale_read_ratio", "staleness_us_mean",
                                "staleness_us_max", "db_qps_mean", "db_qps_peak", "read_us_p99"});

}  // namespace cacherace::report

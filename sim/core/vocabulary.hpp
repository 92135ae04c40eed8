#pragma once
// The names that scenarios, results and documentation share: properties (of a search) and metrics
// (of a run).

#include <array>
#include <string_view>

namespace cacherace {

struct Named {
  std::string_view name;
  bool supported;  // false: known to the format, not built yet
};

inline constexpr auto property_names = std::to_array<Named>({
    {"no-stale-residue", true},
    {"heals", false},
    {"staleness", false},
    {"read-your-writes", true},
    {"monotonic-reads", true},
    {"linearizable", false},
    {"no-dirty-reads", false},
    {"loads-in-flight", false},
    {"mutual-exclusion", false},
    {"no-lost-writes", false},
    {"every-key-expires", false},
    {"wait", false},
});

inline constexpr auto metric_names = std::to_array<Named>({
    {"reads", true},
    {"writes", true},
    {"hits", true},
    {"misses", true},
    {"hit_ratio", true},
    {"stale_reads", true},
    {"stale_read_ratio", true},
    {"staleness_us_mean", true},
    {"staleness_us_p99", true},
    {"staleness_us_max", true},
    {"versions_behind_max", true},
    {"stale_fills", true},
    {"stale_residue", true},
    {"loads", true},
    {"loads_per_miss_episode_mean", false},
    {"loads_per_miss_episode_max", false},
    {"db_reads", true},
    {"db_writes", true},
    {"db_qps_mean", true},
    {"db_qps_peak", true},
    {"db_in_flight_max", true},
    {"db_queue_max", true},
    {"db_rejects", true},
    {"db_wait_us_mean", true},
    {"read_us_p50", true},
    {"read_us_p95", true},
    {"read_us_p99", true},
    {"read_us_p999", true},
    {"write_us_p50", true},
    {"write_us_p95", true},
    {"write_us_p99", true},
    {"write_us_p999", true},
    {"cache_memory_bytes_max", false},
    {"evicted_keys", false},
    {"expired_keys", true},
    {"oom_errors", false},
    {"cache_blocked_us_max", false},
    {"lost_writes", false},
    {"wasted_refreshes", false},
    {"absent_lookups_reaching_db", false},
    {"waits_us_p99", false},
    {"errors", true},
    {"timeouts", false},
});

}  // namespace cacherace

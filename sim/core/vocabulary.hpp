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
    {"heals", true},
    {"staleness", true},
    {"read-your-writes", true},
    {"monotonic-reads", true},
    {"linearizable", true},
    {"no-dirty-reads", true},
    {"loads-in-flight", true},
    {"mutual-exclusion", true},
    {"no-lost-writes", true},
    {"every-key-expires", true},
    {"wait", true},
});

inline constexpr auto metric_names = std::to_array<Named>({
    {"reads", true},
    {"writes", true},
    {"hits", true},
    {"misses", true},
    {"hit_ratio", true},
    {"misses_cold", true},
    {"misses_expired", true},
    {"misses_evicted", true},
    {"misses_invalidated", true},
    {"misses_emptied", true},
    {"misses_renamed", true},
    {"misses_bypassed", true},
    {"stale_reads", true},
    {"stale_read_ratio", true},
    {"staleness_us_mean", true},
    {"staleness_us_p99", true},
    {"staleness_us_max", true},
    {"versions_behind_max", true},
    {"stale_fills", true},
    {"stale_residue", true},
    {"loads", true},
    {"loads_per_miss_episode_mean", true},
    {"loads_per_miss_episode_max", true},
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
    {"cache_memory_bytes_max", true},
    {"keyspace_hits", true},
    {"keyspace_misses", true},
    {"evicted_keys", true},
    {"expired_keys", true},
    {"oom_errors", true},
    {"cache_blocked_us_max", true},
    {"lost_writes", true},
    {"wasted_refreshes", true},
    {"absent_lookups_reaching_db", true},
    {"waits_us_p99", true},
    {"errors", true},
    {"timeouts", true},
});

}  // namespace cacherace

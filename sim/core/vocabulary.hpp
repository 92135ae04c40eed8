#pragma once
// The names that scenarios, results and documentation share: properties (of a search) and metrics
// (of a run).

#include <array>
#include <string_view>

namespace cacherace {

inline constexpr auto property_names = std::to_array<std::string_view>({
    "no-stale-residue",
    "heals",
    "staleness",
    "read-your-writes",
    "monotonic-reads",
    "linearizable",
    "no-dirty-reads",
    "loads-in-flight",
    "mutual-exclusion",
    "no-lost-writes",
    "every-key-expires",
    "wait",
});

inline constexpr auto metric_names = std::to_array<std::string_view>({
    "reads",
    "writes",
    "hits",
    "misses",
    "hit_ratio",
    "misses_cold",
    "misses_expired",
    "misses_evicted",
    "misses_invalidated",
    "misses_emptied",
    "misses_renamed",
    "misses_bypassed",
    "stale_reads",
    "phantom_reads",
    "stale_read_ratio",
    "staleness_us_mean",
    "staleness_us_p99",
    "staleness_us_max",
    "versions_behind_max",
    "stale_fills",
    "stale_residue",
    "loads",
    "loads_per_miss_episode_mean",
    "loads_per_miss_episode_max",
    "db_reads",
    "db_writes",
    "db_qps_mean",
    "db_qps_peak",
    "db_in_flight_max",
    "db_queue_max",
    "db_rejects",
    "db_wait_us_mean",
    "read_us_p50",
    "read_us_p95",
    "read_us_p99",
    "read_us_p999",
    "write_us_p50",
    "write_us_p95",
    "write_us_p99",
    "write_us_p999",
    "cache_memory_bytes_max",
    "keyspace_hits",
    "keyspace_misses",
    "evicted_keys",
    "expired_keys",
    "oom_errors",
    "cache_blocked_us_max",
    "lost_writes",
    "wasted_refreshes",
    "absent_lookups_reaching_db",
    "waits_us_p99",
    "errors",
    "timeouts",
});

}  // namespace cacherace

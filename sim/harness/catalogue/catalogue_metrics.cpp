// The metrics of a run, in the order of the vocabulary.

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {
namespace {

constexpr std::string_view operations = "operations";
constexpr std::string_view effects = "effects";
constexpr std::string_view queries = "queries";
constexpr std::string_view end = "end";

std::vector<MetricEntry> of_operations() {
  return {
      {"reads", "reads that responded: hits and misses", operations, ""},
      {"writes", "writes that responded", operations, ""},
      {"hits", "reads answered by a cached entry, stale or not, or by a negative one", operations,
       ""},
      {"misses", "the other reads; waiters on another one's load are among them", operations, ""},
      {"hit_ratio", "hits / reads", operations, "no reads"},
      {"misses_cold", "misses of keys that were never cached", operations, ""},
      {"misses_expired", "misses of entries whose time was over, or was taken to be", operations,
       ""},
      {"misses_evicted", "misses of entries that were evicted", operations, ""},
      {"misses_invalidated", "misses of entries that were deleted on purpose", operations, ""},
      {"misses_emptied", "misses of entries that went with a flush or a restart", operations, ""},
      {"misses_renamed", "misses of keys that are cached under an old name", operations, ""},
      {"misses_bypassed", "misses that never asked the cache", operations, ""},
      {"stale_reads", "reads with a staleness above 0, and phantom reads", operations, ""},
      {"phantom_reads", "reads that returned a version which is never committed", operations, ""},
      {"stale_read_ratio", "stale_reads / reads", operations, "no reads"},
      {"staleness_us_mean", "mean staleness of all reads, fresh ones as 0", operations, "no reads"},
      {"staleness_us_p99", "its 99 % point, over all reads", operations, "no reads"},
      {"staleness_us_max", "its maximum", operations, "no reads"},
      {"versions_behind_max",
       "most versions that a stale read was behind, at the moment of its get", operations, ""},
  };
}

std::vector<MetricEntry> of_effects() {
  return {
      {"stale_fills", "sets of an older version than one that the cache was told of", effects, ""},
      {"stale_residue", "cached copies that have not expired and differ from the row", end, ""},
      {"loads", "snapshots taken for reads", effects, ""},
      {"loads_per_miss_episode_mean",
       "loads from a key's first miss to the fill that follows, on average", effects, "no misses"},
      {"loads_per_miss_episode_max", "the same, at most", effects, "no misses"},
  };
}

std::vector<MetricEntry> of_queries() {
  return {
      {"db_reads", "read queries whose service starts", queries, ""},
      {"db_writes", "write queries whose service starts", queries, ""},
      {"db_qps_mean", "(db_reads + db_writes) / (duration - warmup)", queries, ""},
      {"db_qps_peak", "most queries a second whose service starts within any peak_window", queries,
       "the window is longer than what is measured"},
      {"db_in_flight_max", "most queries served at once, seen when a service starts", queries, ""},
      {"db_queue_max", "longest queue for a connection, seen when a query joins it", queries, ""},
      {"db_rejects", "queries that found the queue full", queries, ""},
      {"db_wait_us_mean", "wait for a connection, mean over all queries that are served", queries,
       "no queries"},
  };
}

std::vector<MetricEntry> of_latencies() {
  return {
      {"read_us_p50", "median time of a read, from invocation to response", operations, "no reads"},
      {"read_us_p95", "its 95 % point", operations, "no reads"},
      {"read_us_p99", "its 99 % point", operations, "no reads"},
      {"read_us_p999", "its 99.9 % point", operations, "no reads"},
      {"write_us_p50", "median time of a write, from invocation to response", operations,
       "no writes"},
      {"write_us_p95", "its 95 % point", operations, "no writes"},
      {"write_us_p99", "its 99 % point", operations, "no writes"},
      {"write_us_p999", "its 99.9 % point", operations, "no writes"},
  };
}

std::vector<MetricEntry> of_the_cache() {
  return {
      {"cache_memory_bytes_max", "most memory that the entries took at once", effects, ""},
      {"keyspace_hits", "lookups that found their key, as INFO counts them", effects, ""},
      {"keyspace_misses", "lookups that did not", effects, ""},
      {"evicted_keys", "entries that were removed for room", effects, ""},
      {"expired_keys", "entries that were removed because their time was over", effects, ""},
      {"oom_errors", "commands refused because nothing could be evicted", effects, ""},
      {"cache_blocked_us_max", "longest time that one command kept the server from all others",
       effects, ""},
  };
}

std::vector<MetricEntry> of_losses() {
  return {
      {"lost_writes", "writes that were answered and never reached the database", end, ""},
      {"wasted_refreshes", "background loads whose entry answered no read", effects, ""},
      {"absent_lookups_reaching_db", "loads that found no row", effects, ""},
      {"waits_us_p99", "99 % point of the waits for another one's load, lock or lease", operations,
       "no waits"},
      {"errors", "operations that failed", operations, ""},
      {"timeouts", "replies that came too late for their client", effects, ""},
  };
}

}  // namespace

const std::vector<MetricEntry>& metric_entries() {
  static const std::vector<MetricEntry> all = [] {
    std::vector<MetricEntry> list;
    for (const auto part :
         {of_operations, of_effects, of_queries, of_latencies, of_the_cache, of_losses})
      for (const auto& entry : part()) list.push_back(entry);
    return list;
  }();
  return all;
}

}  // namespace cacherace::harness

#pragma once
// The metrics of a run, a row each. What states a name, a unit, a direction, a window or a meaning
// of a metric takes it from here; sim/judge/metric/readings.cpp reads each one off.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/measure.hpp"

namespace cacherace {

/// In the order in which they are shown.
enum class Metric : std::uint8_t {
  reads,
  writes,
  hits,
  misses,
  hit_ratio,
  misses_cold,
  misses_expired,
  misses_evicted,
  misses_invalidated,
  misses_emptied,
  misses_renamed,
  misses_unanswered,
  misses_bypassed,
  stale_reads,
  phantom_reads,
  stale_read_ratio,
  staleness_us_mean,
  staleness_us_p99,
  staleness_us_max,
  versions_behind_max,
  stale_fills,
  stale_residue,
  loads,
  loads_per_miss_episode_mean,
  loads_per_miss_episode_max,
  db_reads,
  db_writes,
  db_qps_mean,
  db_qps_peak,
  db_in_flight_max,
  db_queue_max,
  db_rejects,
  db_wait_us_mean,
  read_us_p50,
  read_us_p95,
  read_us_p99,
  read_us_p999,
  write_us_p50,
  write_us_p95,
  write_us_p99,
  write_us_p999,
  cache_memory_bytes_max,
  keyspace_hits,
  keyspace_misses,
  evicted_keys,
  expired_keys,
  oom_errors,
  cache_blocked_us_max,
  lost_writes,
  wasted_refreshes,
  absent_lookups_reaching_db,
  waits_us_p99,
  errors,
  error_ratio,
  goodput,
  timeouts,
  time_to_recover_us,
  last = time_to_recover_us
};

enum class Better : std::uint8_t { less, more, neither };

/// Which operations or moments count; see docs/metrics.md.
enum class Window : std::uint8_t { operations, effects, queries, end };

/// Where strategies stand side by side.
enum class Shown : std::uint8_t {
  in_full,      // where every metric is shown
  if_not_zero,  // also where there is room, if any strategy has some of it
  first,        // in every table: those by which strategies are told apart
};

/// As in results and in the documentation.
constexpr std::string_view name(Better better) {
  switch (better) {
    case Better::less:
      return "less";
    case Better::more:
      return "more";
    case Better::neither:
      return "neither";
  }
  return "";
}
constexpr std::string_view name(Shown shown) {
  switch (shown) {
    case Shown::in_full:
      return "in full";
    case Shown::if_not_zero:
      return "if not zero";
    case Shown::first:
      return "first";
  }
  return "";
}

struct MetricRow {
  Metric id;
  std::string_view name;   // in JSON, scenarios and commands
  std::string_view label;  // in a picture
  Unit unit;
  Better better;
  Window window;
  std::string_view says;           // what it is, without a capital and a full stop
  std::string_view no_value = "";  // when there is no basis for one; "" for never: it is 0 then
  Shown shown = Shown::in_full;
};

inline constexpr auto metric_rows = std::to_array<MetricRow>({
    {Metric::reads, "reads", "reads", Unit::count, Better::neither, Window::operations,
     "reads that ended, failed ones included: hits + misses"},
    {Metric::writes, "writes", "writes", Unit::count, Better::neither, Window::operations,
     "writes that ended, failed ones included"},
    {Metric::hits, "hits", "hits", Unit::count, Better::more, Window::operations,
     "reads answered by an entry of a cache, stale and negative ones included, or by the Bloom "
     "filter, without waiting for another one's load"},
    {Metric::misses, "misses", "misses", Unit::count, Better::less, Window::operations,
     "the other reads, failed ones included"},
    {Metric::hit_ratio, "hit_ratio", "hit ratio", Unit::share, Better::more, Window::operations,
     "hits / reads", "there are no reads", Shown::first},
    {Metric::misses_cold, "misses_cold", "cold misses", Unit::count, Better::less,
     Window::operations, "misses of keys that were never cached, or never existed"},
    {Metric::misses_expired, "misses_expired", "expired misses", Unit::count, Better::less,
     Window::operations,
     "misses of entries whose time was over, or was taken to be (xfetch, stale-if-error)"},
    {Metric::misses_evicted, "misses_evicted", "evicted misses", Unit::count, Better::less,
     Window::operations, "misses of entries that were evicted"},
    {Metric::misses_invalidated, "misses_invalidated", "invalidated misses", Unit::count,
     Better::less, Window::operations, "misses of entries that were deleted on purpose"},
    {Metric::misses_emptied, "misses_emptied", "emptied misses", Unit::count, Better::less,
     Window::operations, "misses of entries that went with a flush or a restart"},
    {Metric::misses_renamed, "misses_renamed", "renamed misses", Unit::count, Better::less,
     Window::operations,
     "misses of keys that are cached under a name that is no longer asked for: of another key "
     "format, or of an earlier version"},
    {Metric::misses_unanswered, "misses_unanswered", "unanswered misses", Unit::count, Better::less,
     Window::operations, "misses of reads whose look-up got no answer in time, or was refused"},
    {Metric::misses_bypassed, "misses_bypassed", "bypassed misses", Unit::count, Better::less,
     Window::operations, "misses of reads that never asked the cache"},
    {Metric::stale_reads, "stale_reads", "number of stale reads", Unit::count, Better::less,
     Window::operations, "reads with a staleness above 0, and phantom reads"},
    {Metric::phantom_reads, "phantom_reads", "phantom reads", Unit::count, Better::less,
     Window::operations, "reads that returned a version which is never committed"},
    {Metric::stale_read_ratio, "stale_read_ratio", "stale reads", Unit::share, Better::less,
     Window::operations, "stale_reads / reads that were answered",
     "there are no reads that were answered", Shown::first},
    {Metric::staleness_us_mean, "staleness_us_mean", "mean staleness", Unit::microseconds,
     Better::less, Window::operations,
     "mean staleness of the reads that were answered, fresh ones as 0",
     "there are no reads that were answered", Shown::first},
    {Metric::staleness_us_p99, "staleness_us_p99", "p99 staleness", Unit::microseconds,
     Better::less, Window::operations, "99 % point of the staleness of all reads",
     "there are no reads"},
    {Metric::staleness_us_max, "staleness_us_max", "max staleness", Unit::microseconds,
     Better::less, Window::operations, "longest staleness of a read", "there are no reads",
     Shown::first},
    {Metric::versions_behind_max, "versions_behind_max", "max versions behind", Unit::count,
     Better::less, Window::operations,
     "most versions by which a stale read was behind its row, at the moment of its get"},
    {Metric::stale_fills, "stale_fills", "stale fills", Unit::count, Better::less, Window::effects,
     "sets that store an older version than one that the cache was told of before"},
    {Metric::stale_residue, "stale_residue", "stale residue", Unit::count, Better::less,
     Window::end,
     "copies in the shared and the local caches that have not expired and differ from their row"},
    {Metric::loads, "loads", "loads", Unit::count, Better::less, Window::effects,
     "snapshots that the database takes for reads and refreshes"},
    {Metric::loads_per_miss_episode_mean, "loads_per_miss_episode_mean",
     "mean loads per miss episode", Unit::count, Better::less, Window::effects,
     "loads between a key's first miss and the set that ends it, if one does, by those who missed, "
     "early loads included, mean over these episodes",
     "there are no episodes"},
    {Metric::loads_per_miss_episode_max, "loads_per_miss_episode_max", "max loads per miss episode",
     Unit::count, Better::less, Window::effects, "most loads of one such episode"},
    {Metric::db_reads, "db_reads", "DB reads", Unit::count, Better::less, Window::queries,
     "read queries whose service starts"},
    {Metric::db_writes, "db_writes", "DB writes", Unit::count, Better::less, Window::queries,
     "write queries whose service starts"},
    {Metric::db_qps_mean, "db_qps_mean", "mean DB queries/s", Unit::per_second, Better::less,
     Window::queries, "(db_reads + db_writes) / (duration - warmup)", "", Shown::first},
    {Metric::db_qps_peak, "db_qps_peak", "peak DB queries/s", Unit::per_second, Better::less,
     Window::queries,
     "most queries whose service starts within one peak_window, wherever it begins, divided by "
     "its length",
     "peak_window is longer than duration - warmup", Shown::first},
    {Metric::db_in_flight_max, "db_in_flight_max", "max DB in flight", Unit::count, Better::less,
     Window::queries, "most queries served at once, seen when a service starts"},
    {Metric::db_queue_max, "db_queue_max", "max DB queue", Unit::count, Better::less,
     Window::queries, "longest queue for a connection, seen when a query joins it"},
    {Metric::db_rejects, "db_rejects", "DB rejects", Unit::count, Better::less, Window::queries,
     "queries that found the queue full"},
    {Metric::db_wait_us_mean, "db_wait_us_mean", "mean DB wait", Unit::microseconds, Better::less,
     Window::queries, "wait for a connection, mean over the queries whose service starts",
     "there are no queries"},
    {Metric::read_us_p50, "read_us_p50", "median read", Unit::microseconds, Better::less,
     Window::operations,
     "median time of a read, from invocation to response; failed ones took longer than all others",
     "there are no reads, or so many failed that it is one of them"},
    {Metric::read_us_p95, "read_us_p95", "p95 read", Unit::microseconds, Better::less,
     Window::operations, "95 % point of the time of a read", "there are no reads"},
    {Metric::read_us_p99, "read_us_p99", "p99 read", Unit::microseconds, Better::less,
     Window::operations, "99 % point of the time of a read", "there are no reads", Shown::first},
    {Metric::read_us_p999, "read_us_p999", "p99.9 read", Unit::microseconds, Better::less,
     Window::operations, "99.9 % point of the time of a read", "there are no reads"},
    {Metric::write_us_p50, "write_us_p50", "median write", Unit::microseconds, Better::less,
     Window::operations, "median time of a write, from invocation to response",
     "there are no writes"},
    {Metric::write_us_p95, "write_us_p95", "p95 write", Unit::microseconds, Better::less,
     Window::operations, "95 % point of the time of a write", "there are no writes"},
    {Metric::write_us_p99, "write_us_p99", "p99 write", Unit::microseconds, Better::less,
     Window::operations, "99 % point of the time of a write", "there are no writes"},
    {Metric::write_us_p999, "write_us_p999", "p99.9 write", Unit::microseconds, Better::less,
     Window::operations, "99.9 % point of the time of a write", "there are no writes"},
    {Metric::cache_memory_bytes_max, "cache_memory_bytes_max", "max cache memory", Unit::bytes,
     Better::less, Window::effects, "most bytes that the entries of the cache took at once"},
    {Metric::keyspace_hits, "keyspace_hits", "keyspace hits", Unit::count, Better::more,
     Window::effects,
     "commands that only look a key up and found it, as INFO of Redis counts them"},
    {Metric::keyspace_misses, "keyspace_misses", "keyspace misses", Unit::count, Better::less,
     Window::effects, "commands that only look a key up and did not find it"},
    {Metric::evicted_keys, "evicted_keys", "evicted keys", Unit::count, Better::less,
     Window::effects, "entries that were evicted to stay below maxmemory"},
    {Metric::expired_keys, "expired_keys", "expired keys", Unit::count, Better::less,
     Window::effects,
     "entries past their time that a command met, or the server's cycle found, and removed"},
    {Metric::oom_errors, "oom_errors", "OOM errors", Unit::count, Better::less, Window::effects,
     "commands refused because nothing could be evicted"},
    {Metric::cache_blocked_us_max, "cache_blocked_us_max", "max cache blocked", Unit::microseconds,
     Better::less, Window::effects,
     "longest time for which one command kept the cache server from the next"},
    {Metric::lost_writes, "lost_writes", "lost writes", Unit::count, Better::less, Window::effects,
     "writes that were queued in the cache only and went with a flush, a restart, an eviction "
     "or an expiry before they were in the database",
     "", Shown::if_not_zero},
    {Metric::wasted_refreshes, "wasted_refreshes", "wasted refreshes", Unit::count, Better::less,
     Window::effects,
     "refreshed entries that were replaced, deleted, evicted or found expired before any read "
     "hit them"},
    {Metric::absent_lookups_reaching_db, "absent_lookups_reaching_db", "absent lookups reaching DB",
     Unit::count, Better::less, Window::effects, "loads that found no row"},
    {Metric::waits_us_p99, "waits_us_p99", "p99 waits", Unit::microseconds, Better::less,
     Window::operations,
     "99 % point of the time that an operation waited for another one's load, lock or lease, "
     "over those that waited, failed ones included",
     "there are no waits"},
    {Metric::errors, "errors", "errors", Unit::count, Better::less, Window::operations,
     "operations that failed", "", Shown::if_not_zero},
    {Metric::error_ratio, "error_ratio", "failed", Unit::share, Better::less, Window::operations,
     "errors / (reads + writes)", "there are no operations", Shown::first},
    {Metric::goodput, "goodput", "answered operations/s", Unit::per_second, Better::more,
     Window::operations, "(reads + writes - errors) / (duration - warmup)"},
    {Metric::timeouts, "timeouts", "timeouts", Unit::count, Better::less, Window::effects,
     "commands and queries that were not answered within their client's timeout"},
    {Metric::time_to_recover_us, "time_to_recover_us", "time to recover", Unit::microseconds,
     Better::less, Window::queries,
     "longest time from an incident until failures and queries are what they were before it",
     "there is no incident with a peak_window of traffic before it", Shown::if_not_zero},
});

inline constexpr std::size_t metric_count = metric_rows.size();

constexpr const MetricRow& row(Metric metric) {
  return metric_rows[static_cast<std::size_t>(metric)];
}

constexpr std::string_view name(Metric metric) { return row(metric).name; }

inline constexpr auto metric_names = [] {
  std::array<std::string_view, metric_count> names;
  for (std::size_t i = 0; i < metric_count; ++i) names[i] = metric_rows[i].name;
  return names;
}();

constexpr std::optional<Metric> metric_named(std::string_view name) {
  for (const MetricRow& row : metric_rows)
    if (row.name == name) return row.id;
  return std::nullopt;
}

/// A value of each metric, in the unit of its row; nothing where there is no basis for one.
class MetricValues {
 public:
  std::optional<double>& operator[](Metric metric) {
    return values_[static_cast<std::size_t>(metric)];
  }
  std::optional<double> operator[](Metric metric) const {
    return values_[static_cast<std::size_t>(metric)];
  }

 private:
  std::array<std::optional<double>, metric_count> values_;
};

static_assert(metric_count == static_cast<std::size_t>(Metric::last) + 1);
static_assert(
    [] {
      for (std::size_t i = 0; i < metric_count; ++i)
        if (metric_rows[i].id != static_cast<Metric>(i)) return false;
      return true;
    }(),
    "the rows stand in the order of the enum");

}  // namespace cacherace

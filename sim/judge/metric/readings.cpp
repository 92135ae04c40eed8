// How each metric is read off the meter.

#include <limits>

#include "sim/core/assert.hpp"
#include "sim/judge/metric/meter.hpp"

namespace cacherace::judge {
namespace {

template <typename Number>
double count(Number number) {
  return static_cast<double>(number);
}

double to_us(Duration duration) { return static_cast<double>(duration.count()) / 1000.0; }

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> mean_us(const Histogram& histogram) {
  if (histogram.count() == 0) return std::nullopt;
  return histogram.mean() / 1000.0;
}

// With `failed` operations more, which took longer than all others: for ever, if it is one of them.
std::optional<double> percentile_us(const Histogram& histogram, std::uint32_t per_mille,
                                    std::uint64_t failed = 0) {
  if (histogram.count() + failed == 0) return std::nullopt;
  const auto time = histogram.percentile(per_mille, failed);
  return time ? to_us(*time) : std::numeric_limits<double>::infinity();
}

}  // namespace

std::optional<double> Meter::value_of(Metric metric, std::uint64_t residue,
                                      const ServerStats& server) const {
  using enum Metric;
  const auto missed = [&](MissCause cause) {
    return count(misses_by_cause_[static_cast<std::size_t>(cause)]);
  };
  switch (metric) {
    case reads:
      return count(hits_ + misses_);
    case writes:
      return count(writes_.count() + failed_writes_);
    case hits:
      return count(hits_);
    case misses:
      return count(misses_);
    case hit_ratio:
      return ratio(hits_, hits_ + misses_);
    case misses_cold:
      return missed(MissCause::cold);
    case misses_expired:
      return missed(MissCause::expired);
    case misses_evicted:
      return missed(MissCause::evicted);
    case misses_invalidated:
      return missed(MissCause::invalidated);
    case misses_emptied:
      return missed(MissCause::emptied);
    case misses_renamed:
      return missed(MissCause::renamed);
    case misses_unanswered:
      return missed(MissCause::unanswered);
    case misses_bypassed:
      return missed(MissCause::bypassed);
    case stale_reads:
      return count(stale_reads_ + phantom_reads_);
    case phantom_reads:
      return count(phantom_reads_);
    case stale_read_ratio:
      return ratio(stale_reads_ + phantom_reads_, reads_.count());
    case staleness_us_mean:
      return mean_us(staleness_);
    case staleness_us_p99:
      return percentile_us(staleness_, 990);
    case staleness_us_max:
      return percentile_us(staleness_, 1000);
    case versions_behind_max:
      return count(versions_behind_max_);
    case stale_fills:
      return count(stale_fills_);
    case stale_residue:
      return count(residue);
    case loads:
      return count(loads_);
    case loads_per_miss_episode_mean:
      return ratio(episodes_.tally().loads, episodes_.tally().episodes);
    case loads_per_miss_episode_max:
      return count(episodes_.tally().loads_max);
    case db_reads:
      return count(db_reads_);
    case db_writes:
      return count(db_writes_);
    case db_qps_mean:
      return count(db_reads_ + db_writes_) / (to_us(to_ - from_) / 1e6);
    case db_qps_peak:
      if (peak_window_ > to_ - from_) return std::nullopt;
      return count(queries_peak_) * (1e9 / count(peak_window_.count()));
    case db_in_flight_max:
      return count(db_in_flight_max_);
    case db_queue_max:
      return count(db_queue_max_);
    case db_rejects:
      return count(db_rejects_);
    case db_wait_us_mean:
      return mean_us(db_waits_);
    case read_us_p50:
      return percentile_us(reads_, 500, failed_reads_);
    case read_us_p95:
      return percentile_us(reads_, 950, failed_reads_);
    case read_us_p99:
      return percentile_us(reads_, 990, failed_reads_);
    case read_us_p999:
      return percentile_us(reads_, 999, failed_reads_);
    case write_us_p50:
      return percentile_us(writes_, 500, failed_writes_);
    case write_us_p95:
      return percentile_us(writes_, 950, failed_writes_);
    case write_us_p99:
      return percentile_us(writes_, 990, failed_writes_);
    case write_us_p999:
      return percentile_us(writes_, 999, failed_writes_);
    case cache_memory_bytes_max:
      return count(server.memory_max);
    case keyspace_hits:
      return count(keyspace_hits_);
    case keyspace_misses:
      return count(keyspace_misses_);
    case evicted_keys:
      return count(server.evicted);
    case expired_keys:
      return count(expired_ + server.expired);
    case oom_errors:
      return count(server.out_of_memory);
    case cache_blocked_us_max:
      return to_us(cache_blocked_max_);
    case lost_writes:
      return count(lost_writes_);
    case wasted_refreshes:
      return count(wasted_refreshes_);
    case absent_lookups_reaching_db:
      return count(absent_loads_);
    case waits_us_p99:
      return percentile_us(waits_, 990);
    case errors:
      return count(failed_reads_ + failed_writes_);
    case error_ratio:
      return ratio(failed_reads_ + failed_writes_,
                   hits_ + misses_ + writes_.count() + failed_writes_);
    case goodput:
      return count(reads_.count() + writes_.count()) / (to_us(to_ - from_) / 1e6);
    case timeouts:
      return count(timeouts_);
    case time_to_recover_us: {
      const auto longest = recovery_.longest();
      if (longest == Duration::max()) return std::numeric_limits<double>::infinity();
      return longest ? std::optional(to_us(*longest)) : std::nullopt;
    }
  }
  SIM_ASSERT(false);
  return std::nullopt;
}

MetricValues Meter::metrics(std::uint64_t residue, const ServerStats& server) const {
  MetricValues values;
  for (const MetricRow& row : metric_rows) values[row.id] = value_of(row.id, residue, server);
  return values;
}

}  // namespace cacherace::judge

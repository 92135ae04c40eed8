#pragma once
// The metrics of a run, streamed from what the engine tells. Definitions: docs/metrics.md.

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/core/observer.hpp"
#include "sim/judge/histogram.hpp"
#include "sim/judge/staleness.hpp"

namespace cacherace::judge {

struct Metric {
  std::string_view name;
  std::optional<double> value;  // nothing when there is no basis: the hit ratio of no reads
};

/// Metrics of the window [from, to): operations count by their invocation, effects and queries by
/// their moment. Memory depends on keys, concurrency and the peak rate of queries, not on simulated
/// time. Each call is amortised O(1).
class Meter final : public Observer {
 public:
  Meter(Key keys, SimTime from, SimTime to);

  void effect(const Happened& happened) override;
  void query_started(const QueryStart& query) override;
  void query_queued(std::uint32_t queue_length, SimTime at) override;
  void query_rejected(SimTime at) override;
  void finished(const Served& served) override;

  /// The supported metrics, in the order of the vocabulary. `stale_residue`: how many cached
  /// entries are older than their row at the end of the run.
  std::vector<Metric> metrics(std::uint64_t stale_residue) const;

 private:
  struct Answer {  // what a read is about to return
    Duration staleness{};
    Version behind = 0;
  };

  bool counts(SimTime at) const { return from_ <= at && at < to_; }
  void finished_read(const Served& served);

  SimTime from_, to_;
  VersionTracker versions_;
  std::vector<Answer> answers_;  // by client

  std::uint64_t hits_ = 0, misses_ = 0, errors_ = 0, stale_reads_ = 0, stale_fills_ = 0;
  std::uint64_t loads_ = 0, db_reads_ = 0, db_writes_ = 0, db_rejects_ = 0, expired_ = 0;
  std::uint32_t db_in_flight_max_ = 0, db_queue_max_ = 0;
  Version versions_behind_max_ = 0;
  std::deque<SimTime> last_second_;  // of queries
  std::size_t db_qps_peak_ = 0;
  Histogram reads_, writes_, staleness_, waits_;
};

}  // namespace cacherace::judge

#pragma once
// The metrics of a run, streamed from what the engine tells. What each is:
// sim/core/metric_table.hpp.

#include <deque>
#include <optional>
#include <vector>

#include "sim/core/metric_table.hpp"
#include "sim/core/observer.hpp"
#include "sim/judge/metric/episodes.hpp"
#include "sim/judge/metric/misses.hpp"
#include "sim/judge/metric/recovery.hpp"
#include "sim/judge/metric/version_tracker.hpp"
#include "sim/judge/statistics/histogram.hpp"

namespace cacherace::judge {

/// Metrics of the window [from, to): operations count by their invocation, effects and queries by
/// their moment. The peak rate of queries is that of the busiest `peak_window`. Memory depends on
/// keys, concurrency and the peak rate of queries, and only with incidents on simulated time. Each
/// call is amortised O(1).
class Meter final : public Observer {
 public:
  Meter(const Copies& copies, SimTime from, SimTime to,
        Duration peak_window = std::chrono::seconds{1});

  /// The key is cached from the start.
  void starts_cached(Key key) { causes_.stored(key); }
  /// There is no such row yet.
  void starts_absent(Key row) { versions_.starts_absent(row); }
  /// Reads will be of a script: what they return tells how stale they are. Then memory depends on
  /// the number of commits as well.
  void reads_of_script() { keeps_commits_ = true; }
  /// In any order, before anything happens.
  void incident(SimTime at) { recovery_.incident(at); }

  void prefetch(Key key) const override { versions_.prefetch(key); }
  void effect(const Happened& happened) override;
  void query_started(const QueryStart& query) override;
  void query_queued(std::uint32_t queue_length, SimTime at) override;
  void query_rejected(SimTime at) override;
  void cache_blocked(Duration time, SimTime at) override;
  void timed_out(const TimedOut& command) override;
  void value_gone(Key key, Gone how, SimTime at) override;
  void finished(const Served& served) override;
  void task_finished(ClientId client) override;

  /// How stale the answer is that the client's read has just returned.
  Duration staleness_of(ClientId client) const;
  /// Operations that have responded so far, in the window or not.
  std::uint64_t operations() const { return operations_; }
  const Histogram& read_times() const { return reads_; }
  const Histogram& write_times() const { return writes_; }
  const Histogram& stalenesses() const { return staleness_; }

  /// Every metric, once everything is over: what was read and is not committed by now never will
  /// be. `residue`: how many cached copies differ from their row then.
  MetricValues metrics(std::uint64_t residue, const ServerStats& server) const;

 private:
  struct Answer {  // what a read is about to return
    Duration staleness{};
    Version behind = 0;
    std::uint64_t uncommitted = 0;  // the version, if it is not committed: row and version
  };

  std::optional<double> value_of(Metric metric, std::uint64_t residue,
                                 const ServerStats& server) const;
  Answer answer_of(ClientId client) const;
  bool counts(SimTime at) const { return from_ <= at && at < to_; }
  void looked_up(const Happened& happened);
  void answered(const Happened& happened, SimTime superseded_at);
  void stored(const Happened& happened, std::uint32_t copy);
  void queried(const Happened& happened);
  void committed(Key row, Version version);
  void refresh_ended(Key key, SimTime at);
  void answered_read(const Served& served);
  void answer_of_script(const Served& served);
  void let_go(ClientId client);

  SimTime from_, to_;
  Duration peak_window_;
  bool keeps_copies_;  // clients bring what they hit into caches of their own
  VersionTracker versions_;
  MissEpisodes episodes_;
  MissCauses causes_;
  std::array<std::uint64_t, miss_causes> misses_by_cause_{};
  std::vector<Answer> answers_;                               // by client
  std::vector<bool> unread_refreshes_;                        // by key
  boost::unordered_flat_map<std::uint64_t, SimTime> landed_;  // flights, by key and process: since
                                                              // when their result is old

  struct Commit {
    Version version = 0;
    SimTime at;
  };
  bool keeps_commits_ = false;
  boost::unordered_flat_map<Key, std::vector<Commit>> commits_;  // by row; never iterated

  std::uint64_t operations_ = 0;
  std::uint64_t hits_ = 0, misses_ = 0, timeouts_ = 0;
  std::uint64_t failed_reads_ = 0, failed_writes_ = 0;
  std::uint64_t keyspace_hits_ = 0, keyspace_misses_ = 0;  // of the cache server
  std::uint64_t stale_reads_ = 0, stale_fills_ = 0, expired_ = 0, lost_writes_ = 0;
  std::uint64_t loads_ = 0, absent_loads_ = 0, wasted_refreshes_ = 0;
  std::uint64_t db_reads_ = 0, db_writes_ = 0, db_rejects_ = 0;
  std::uint32_t db_in_flight_max_ = 0, db_queue_max_ = 0;
  Version versions_behind_max_ = 0;
  boost::unordered_flat_map<std::uint64_t, std::uint64_t>
      uncommitted_;                  // reads, by row and version
  std::uint64_t phantom_reads_ = 0;  // of those; looked up, never iterated
  Duration cache_blocked_max_{};
  std::deque<SimTime> last_queries_;  // of the last peak window
  std::size_t queries_peak_ = 0;
  Recovery recovery_;
  Histogram reads_, writes_, staleness_, db_waits_, waits_;
};

}  // namespace cacherace::judge

#pragma once
// Metrics over time: curves in buckets of constant width. Definitions: docs/metrics.md.

#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/core/fixed.hpp"
#include "sim/judge/metric/meter.hpp"

namespace cacherace::judge {

/// The time from the start to `end`, divided; the last bucket may be cut short.
struct Buckets {
  Duration width{1};
  Duration end{};

  std::size_t count() const;
  std::size_t of(SimTime at) const;
  SimTime start_of(std::size_t bucket) const;
};

/// A count that changes now and then, with the least and the most that it was within each bucket.
/// What holds for no time at all does not count. Each call is amortised O(1 + buckets passed).
class StepCurve {
 public:
  explicit StepCurve(const Buckets& buckets);

  /// From `at` on; no call goes back in time.
  void set(SimTime at, std::uint64_t value);
  /// It stays so until the end.
  void close();

  const std::vector<std::uint64_t>& min() const { return min_; }
  const std::vector<std::uint64_t>& max() const { return max_; }

 private:
  void hold_until(SimTime to);

  Buckets buckets_;
  SimTime since_ = start_of_time;
  std::uint64_t value_ = 0;
  std::vector<std::uint64_t> min_, max_;
};

/// What the reads that are invoked in a bucket come to; those that fail are left out.
struct ReadsOfBucket {
  std::uint64_t reads = 0, hits = 0, stale = 0, failed = 0;  // reads: failed ones included
  Duration staleness_max{}, time_max{};
  Int128 time_sum = 0;  // nanoseconds

  std::uint64_t answered() const { return reads - failed; }
};

/// A curve in the unit that its name states. Of the three there are those that mean something.
struct Curve {
  using Values = std::vector<std::optional<double>>;  // by bucket
  std::string_view name;
  Values min, mean, max;
};

/// Draws curves of a run beside the metrics: hears what the engine tells and passes it on. The
/// whole traffic is covered, warm-up included. Memory depends on the number of buckets and on the
/// peak rate of queries, not on simulated time. Each call is amortised O(1 + buckets passed).
class Series final : public Observer {
 public:
  /// `next` is told everything; it is `meter`, or something that tells it. The meter knows how
  /// stale a read is. Both must outlive the series.
  Series(const Buckets& buckets, Observer& next, const Meter& meter);

  /// What the cache's entries take, asked after whatever can change it. There is no such curve
  /// without.
  void watch_memory(std::function<Bytes()> used);

  void effect(const Happened& happened) override;
  void query_started(const QueryStart& query) override;
  void query_ended(std::uint32_t in_flight, SimTime at) override;
  void query_queued(std::uint32_t queue_length, SimTime at) override;
  void query_rejected(SimTime at) override { next_.query_rejected(at); }
  void cache_blocked(Duration time, SimTime at) override;
  void timed_out(const TimedOut& command) override { next_.timed_out(command); }
  void value_gone(Key key, Gone how, SimTime at) override;
  void finished(const Served& served) override;
  void task_finished(ClientId client) override { next_.task_finished(client); }

  /// The run is over: all curves reach to the end.
  void close();

  const Buckets& buckets() const { return buckets_; }
  const std::vector<ReadsOfBucket>& reads() const { return reads_; }
  /// Requires that it is closed.
  std::vector<Curve> curves() const;

 private:
  void leave_last_second(SimTime now);
  void look_at_memory(SimTime now);

  Buckets buckets_;
  Observer& next_;
  const Meter& meter_;
  std::function<Bytes()> memory_used_;
  std::deque<SimTime> last_second_;  // of queries
  StepCurve qps_, in_flight_, queue_, memory_;
  std::vector<ReadsOfBucket> reads_;
};

/// The end of the first `width` buckets in a row, from `from` on, of whose reads not enough hit;
/// nothing when there are none such. O(buckets).
std::optional<SimTime> first_below(const Series& series, std::size_t width, SimTime from,
                                   const std::function<bool(double)>& enough);

}  // namespace cacherace::judge

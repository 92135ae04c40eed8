#include "sim/judge/metric/series.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/checked_time.hpp"

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;

constexpr Duration qps_window = 1s;

Curve::Values values_of(const std::vector<std::uint64_t>& counts) {
  return {counts.begin(), counts.end()};
}

Curve curve_of(std::string_view name, const StepCurve& curve) {
  return {.name = name, .min = values_of(curve.min()), .mean = {}, .max = values_of(curve.max())};
}

// One value for each bucket that has reads.
template <typename Value>
Curve::Values of_reads(const std::vector<ReadsOfBucket>& buckets, Value value) {
  Curve::Values values;
  for (const auto& bucket : buckets)
    values.push_back(bucket.reads > 0 ? std::optional<double>(value(bucket)) : std::nullopt);
  return values;
}

// One value for each bucket that has reads that were answered.
template <typename Value>
Curve::Values of_answered(const std::vector<ReadsOfBucket>& buckets, Value value) {
  Curve::Values values;
  for (const auto& bucket : buckets)
    values.push_back(bucket.answered() > 0 ? std::optional<double>(value(bucket)) : std::nullopt);
  return values;
}

double us(Duration duration) { return static_cast<double>(duration.count()) / 1000; }

double share_of(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

// ---- buckets -----------------------------------------------------------------------------------

std::size_t Buckets::count() const {
  SIM_ASSERT(width > Duration{0} && end > Duration{0});
  return static_cast<std::size_t>((end - Duration{1}) / width) + 1;
}

std::size_t Buckets::of(SimTime at) const {
  return static_cast<std::size_t>((at - start_of_time) / width);
}

SimTime Buckets::start_of(std::size_t bucket) const {
  return start_of_time + std::min(times(bucket, width), end);
}

// ---- curves of steps ---------------------------------------------------------------------------

StepCurve::StepCurve(const Buckets& buckets)
    : buckets_(buckets), min_(buckets.count(), ~std::uint64_t{0}), max_(buckets.count()) {}

void StepCurve::set(SimTime at, std::uint64_t value) {
  SIM_ASSERT(at >= since_);
  hold_until(at);
  value_ = value;
}

void StepCurve::close() { hold_until(start_of_time + buckets_.end); }

void StepCurve::hold_until(SimTime to) {
  const SimTime end = std::min(to, start_of_time + buckets_.end);
  if (since_ < end)
    for (auto bucket = buckets_.of(since_); bucket <= buckets_.of(end - Duration{1}); ++bucket) {
      min_[bucket] = std::min(min_[bucket], value_);
      max_[bucket] = std::max(max_[bucket], value_);
    }
  since_ = std::max(since_, to);
}

// ---- the series of a run -----------------------------------------------------------------------

Series::Series(const Buckets& buckets, Observer& next, const Meter& meter)
    : buckets_(buckets),
      next_(next),
      meter_(meter),
      qps_(buckets),
      in_flight_(buckets),
      queue_(buckets),
      memory_(buckets),
      reads_(buckets.count()) {}

void Series::watch_memory(std::function<Bytes()> used) {
  memory_used_ = std::move(used);
  look_at_memory(start_of_time);
}

void Series::effect(const Happened& happened) {
  next_.effect(happened);
  if (party(happened.effect.kind) == Party::cache) look_at_memory(happened.at);
}

// A query counts for as long as its start is less than a second ago.
void Series::leave_last_second(SimTime now) {
  while (!last_second_.empty() && last_second_.front() + qps_window <= now) {
    const SimTime leaves = last_second_.front() + qps_window;
    last_second_.pop_front();
    qps_.set(leaves, last_second_.size());
  }
}

void Series::query_started(const QueryStart& query) {
  next_.query_started(query);
  leave_last_second(query.at);
  last_second_.push_back(query.at);
  qps_.set(query.at, last_second_.size());
  in_flight_.set(query.at, query.in_flight);
  queue_.set(query.at, query.queued);
}

void Series::query_ended(std::uint32_t in_flight, SimTime at) {
  next_.query_ended(in_flight, at);
  in_flight_.set(at, in_flight);
}

void Series::query_queued(std::uint32_t queue_length, SimTime at) {
  next_.query_queued(queue_length, at);
  queue_.set(at, queue_length);
}

void Series::cache_blocked(Duration time, SimTime at) {
  next_.cache_blocked(time, at);
  look_at_memory(at);
}

void Series::value_gone(Key key, Gone how, SimTime at) {
  next_.value_gone(key, how, at);
  look_at_memory(at);
}

void Series::look_at_memory(SimTime now) {
  if (memory_used_) memory_.set(now, memory_used_());
}

void Series::finished(const Served& served) {
  next_.finished(served);
  const SimTime end = start_of_time + buckets_.end;
  if (served.kind != OperationKind::read || served.invoked >= end) return;
  ReadsOfBucket& bucket = reads_[buckets_.of(served.invoked)];
  const Duration staleness = meter_.staleness_of(served.client);
  const Duration time = served.responded - served.invoked;
  ++bucket.reads;
  bucket.failed += served.failed;
  if (served.failed) return;
  bucket.hits += served.hit;
  bucket.stale += staleness > Duration{0};
  bucket.staleness_max = std::max(bucket.staleness_max, staleness);
  bucket.time_max = std::max(bucket.time_max, time);
  bucket.time_sum += time.count();
}

void Series::close() {
  leave_last_second(start_of_time + buckets_.end);
  for (StepCurve* curve : {&qps_, &in_flight_, &queue_, &memory_}) curve->close();
}

std::vector<Curve> Series::curves() const {
  using Bucket = const ReadsOfBucket&;
  const auto curve = [](std::string_view name, Curve::Values mean, Curve::Values max) {
    return Curve{.name = name, .min = {}, .mean = std::move(mean), .max = std::move(max)};
  };
  std::vector<Curve> curves{
      curve_of("db_qps", qps_),
      curve_of("db_in_flight", in_flight_),
      curve_of("db_queue", queue_),
      curve("hit_ratio", of_reads(reads_, [](Bucket b) { return share_of(b.hits, b.reads); }), {}),
      curve("stale_read_ratio",
            of_answered(reads_, [](Bucket b) { return share_of(b.stale, b.answered()); }), {}),
      curve("error_ratio", of_reads(reads_, [](Bucket b) { return share_of(b.failed, b.reads); }),
            {}),
      curve("staleness_us", {}, of_answered(reads_, [](Bucket b) { return us(b.staleness_max); })),
      curve("read_us",
            of_answered(reads_,
                        [](Bucket b) {
                          return static_cast<double>(b.time_sum) /
                                 static_cast<double>(b.answered()) / 1000;
                        }),
            of_answered(reads_, [](Bucket b) { return us(b.time_max); }))};
  if (memory_used_) curves.push_back(curve_of("cache_memory_bytes", memory_));
  return curves;
}

std::optional<SimTime> first_below(const Series& series, std::size_t width, SimTime from,
                                   const std::function<bool(double)>& enough) {
  SIM_ASSERT(width > 0);
  const Buckets& buckets = series.buckets();
  const auto& of_bucket = series.reads();
  std::uint64_t reads = 0, hits = 0;
  for (std::size_t last = buckets.of(from), first = last; last < of_bucket.size(); ++last) {
    if (buckets.start_of(last) < from) {
      ++first;
      continue;
    }
    reads += of_bucket[last].reads;
    hits += of_bucket[last].hits;
    if (last - first + 1 < width) continue;
    if (reads > 0 && !enough(share_of(hits, reads))) return buckets.start_of(last + 1);
    reads -= of_bucket[first].reads;
    hits -= of_bucket[first].hits;
    ++first;
  }
  return std::nullopt;
}

}  // namespace cacherace::judge

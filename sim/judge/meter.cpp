#include "sim/judge/meter.hpp"

#include <algorithm>

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;

double to_us(Duration duration) { return static_cast<double>(duration.count()) / 1000.0; }

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> mean_us(const Histogram& histogram) {
  if (histogram.count() == 0) return std::nullopt;
  return histogram.mean() / 1000.0;
}

std::optional<double> percentile_us(const Histogram& histogram, std::uint32_t per_mille) {
  if (histogram.count() == 0) return std::nullopt;
  return to_us(histogram.percentile(per_mille));
}

}  // namespace

Meter::Meter(Key keys, SimTime from, SimTime to) : from_(from), to_(to), versions_(keys) {}

void Meter::effect(const Happened& happened) {
  const auto& [kind, key, version, ttl] = happened.effect;
  const Reply& reply = happened.reply;
  if (answers_.size() <= happened.client) answers_.resize(happened.client + 1);
  if (reply.expired && counts(happened.at)) ++expired_;
  switch (kind) {
    case EffectKind::cache_get:
      answers_[happened.client] = {};
      if (reply.found)
        answers_[happened.client] = {
            .staleness = std::max(
                happened.invoked - std::min(versions_.superseded_at(key), happened.invoked),
                Duration{0}),
            .behind = versions_.row(key) - reply.version};
      break;
    case EffectKind::cache_set:
      if (versions_.stored(key, version) && counts(happened.at)) ++stale_fills_;
      break;
    case EffectKind::cache_del:
      versions_.invalidated(key, version);
      break;
    case EffectKind::db_read:
      versions_.hold(happened.client, key, reply.version);
      if (happened.serves == OperationKind::read && counts(happened.at)) ++loads_;
      break;
    case EffectKind::db_write:
      versions_.committed(key, reply.version, happened.at);
      versions_.hold(happened.client, key, reply.version);
      break;
    case EffectKind::cache_expire:
      break;
  }
}

void Meter::query_started(const QueryStart& query) {
  if (!counts(query.at)) return;
  ++(query.kind == EffectKind::db_read ? db_reads_ : db_writes_);
  db_in_flight_max_ = std::max(db_in_flight_max_, query.in_flight);
  waits_.add(query.waited);
  last_second_.push_back(query.at);
  while (last_second_.front() <= query.at - 1s) last_second_.pop_front();
  db_qps_peak_ = std::max(db_qps_peak_, last_second_.size());
}

void Meter::query_queued(std::uint32_t queue_length, SimTime at) {
  if (counts(at)) db_queue_max_ = std::max(db_queue_max_, queue_length);
}

void Meter::query_rejected(SimTime at) {
  if (counts(at)) ++db_rejects_;
}

void Meter::finished(const Served& served) {
  versions_.let_go(served.client);
  if (!counts(served.invoked)) return;
  if (served.failed) {
    ++errors_;
  } else if (served.kind == OperationKind::read) {
    finished_read(served);
  } else {
    writes_.add(served.responded - served.invoked);
  }
}

// A miss is answered by a snapshot taken after the invocation, so it is never stale.
void Meter::finished_read(const Served& served) {
  reads_.add(served.responded - served.invoked);
  ++(served.hit ? hits_ : misses_);
  const Answer answer = served.hit ? answers_[served.client] : Answer{};
  staleness_.add(answer.staleness);
  if (answer.staleness > Duration{0}) {
    ++stale_reads_;
    versions_behind_max_ = std::max(versions_behind_max_, answer.behind);
  }
}

std::vector<Metric> Meter::metrics(std::uint64_t stale_residue) const {
  const double seconds = to_us(to_ - from_) / 1e6;
  const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
  std::vector<Metric> metrics{
      {"reads", count(hits_ + misses_)},
      {"writes", count(writes_.count())},
      {"hits", count(hits_)},
      {"misses", count(misses_)},
      {"hit_ratio", ratio(hits_, hits_ + misses_)},
      {"stale_reads", count(stale_reads_)},
      {"stale_read_ratio", ratio(stale_reads_, hits_ + misses_)},
      {"staleness_us_mean", mean_us(staleness_)},
      {"staleness_us_p99", percentile_us(staleness_, 990)},
      {"staleness_us_max", percentile_us(staleness_, 1000)},
      {"versions_behind_max", count(versions_behind_max_)},
      {"stale_fills", count(stale_fills_)},
      {"stale_residue", count(stale_residue)},
      {"loads", count(loads_)},
      {"db_reads", count(db_reads_)},
      {"db_writes", count(db_writes_)},
      {"db_qps_mean", count(db_reads_ + db_writes_) / seconds},
      {"db_qps_peak", to_ - from_ < 1s ? std::nullopt : std::optional(count(db_qps_peak_))},
      {"db_in_flight_max", count(db_in_flight_max_)},
      {"db_queue_max", count(db_queue_max_)},
      {"db_rejects", count(db_rejects_)},
      {"db_wait_us_mean", mean_us(waits_)},
      {"read_us_p50", percentile_us(reads_, 500)},
      {"read_us_p95", percentile_us(reads_, 950)},
      {"read_us_p99", percentile_us(reads_, 990)},
      {"read_us_p999", percentile_us(reads_, 999)},
      {"write_us_p50", percentile_us(writes_, 500)},
      {"write_us_p95", percentile_us(writes_, 950)},
      {"write_us_p99", percentile_us(writes_, 990)},
      {"write_us_p999", percentile_us(writes_, 999)},
      {"expired_keys", count(expired_)},
      {"errors", count(errors_)},
  };
  return metrics;
}

}  // namespace cacherace::judge

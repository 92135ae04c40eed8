#include "sim/judge/metric/meter.hpp"

#include <algorithm>

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;

constexpr ClientId nobody = ~ClientId{0};

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

// As INFO stats counts: commands that only look a key up, whatever it holds. A set or a delete of a
// key that is there is no hit.
bool looks_up_only(EffectKind kind) {
  return kind == EffectKind::cache_get || kind == EffectKind::cache_lease_get ||
         kind == EffectKind::cache_get_version || kind == EffectKind::cache_get_mark;
}

// A version of a row, never 0.
std::uint64_t named(Key row, Version version) { return std::uint64_t{row} << 32 | version; }

// A refused reader may get the deleted value, which has another key.
bool hits_keyspace(const Reply& reply) { return reply.found && !reply.refused; }

}  // namespace

Meter::Meter(const Copies& copies, SimTime from, SimTime to, Duration peak_window)
    : from_(from),
      to_(to),
      peak_window_(peak_window),
      keeps_copies_(copies.processes > 0),
      versions_(copies),
      causes_(copies.rows * (1 + copies.derived)),
      unread_refreshes_(copies.rows * (1 + copies.derived)) {}

void Meter::effect(const Happened& happened) {
  const Effect& effect = happened.effect;
  const Reply& reply = happened.reply;
  if (happened.client != nobody && answers_.size() <= happened.client)
    answers_.resize(happened.client + 1);
  if (counts(happened.at)) {
    expired_ += reply.expired && party(effect.kind) == Party::cache;
    lost_writes_ += reply.lost_writes;
    if (looks_up_only(effect.kind)) ++(hits_keyspace(reply) ? keyspace_hits_ : keyspace_misses_);
  }
  switch (effect.kind) {
    case EffectKind::cache_get:
    case EffectKind::cache_lease_get:
    case EffectKind::local_get:
      return looked_up(happened);
    case EffectKind::filter_check:  // "no such row" is never stale
      answers_[happened.client] = {};
      break;
    case EffectKind::cache_set:
      if (reply.found) stored(happened, 0);
      break;
    case EffectKind::cache_write:
      versions_.hold(happened.client, effect.key, reply.version);
      stored(happened, 0);
      break;
    case EffectKind::local_set:
      stored(happened, versions_.local_copy(happened.process));
      break;
    case EffectKind::cache_del:
      versions_.moved_to_stale_area(effect.key);
      versions_.invalidated(effect.key, effect.version);
      refresh_ended(effect.key, happened.at);
      causes_.gone(effect.key, MissCause::invalidated);
      break;
    case EffectKind::cache_flush:
    case EffectKind::cache_restart:
      causes_.emptied();
      break;
    case EffectKind::flight_finish:
      landed_[std::uint64_t{happened.process} << 32 | effect.key] =
          versions_.held_superseded_at(happened.client, effect.key, effect.version);
      break;
    case EffectKind::flight_wait:
      answered(happened, landed_[std::uint64_t{happened.process} << 32 | effect.key]);
      break;
    case EffectKind::db_read:
    case EffectKind::db_write:
    case EffectKind::db_commit:
      return queried(happened);
    default:
      break;
  }
}

// What a read has found, in whichever cache.
void Meter::looked_up(const Happened& happened) {
  const Effect& effect = happened.effect;
  const Reply& reply = happened.reply;
  answers_[happened.client] = {};
  const bool local = effect.kind == EffectKind::local_get;
  if (!reply.found) {
    if (local) return;
    if (happened.serves == OperationKind::read)
      causes_.looked_up(happened.client, effect.key, reply.expired);
    episodes_.missed(happened.client, effect.key, counts(happened.at));
    if (reply.expired) refresh_ended(effect.key, happened.at);
    return;
  }
  const std::uint32_t copy = local           ? versions_.local_copy(happened.process)
                             : reply.refused ? versions_.stale_area()
                                             : 0;
  const SimTime superseded = versions_.cached_superseded_at(copy, effect.key, reply.version);
  answered(happened, superseded);
  if (reply.soft && happened.serves == OperationKind::read)
    causes_.looked_up(happened.client, effect.key, true);
  if (keeps_copies_) versions_.hold(happened.client, effect.key, reply.version, superseded);
  if (effect.key < unread_refreshes_.size() && happened.serves == OperationKind::read)
    unread_refreshes_[effect.key] = false;
}

// Staleness counts up to the invocation: what is overwritten later was fresh then.
void Meter::answered(const Happened& happened, SimTime superseded_at) {
  Answer& answer = answers_[happened.client];
  answer = {};
  const Version row = versions_.row(happened.effect.key);
  if (happened.reply.version > row && versions_.tracks(happened.effect.key)) {
    answer.uncommitted = named(versions_.row_of(happened.effect.key), happened.reply.version);
    uncommitted_.try_emplace(answer.uncommitted);
  }
  if (superseded_at >= happened.invoked) return;
  answer = {.staleness = happened.invoked - superseded_at,
            .behind = row - std::min(row, happened.reply.version)};
}

void Meter::stored(const Happened& happened, std::uint32_t copy) {
  const Key key = happened.effect.key;
  const Version version = happened.effect.kind == EffectKind::cache_write ? happened.reply.version
                                                                          : happened.effect.version;
  if (versions_.stored(copy, key, happened.client, version) && counts(happened.at)) ++stale_fills_;
  if (copy != 0) return;
  episodes_.stored(key);
  causes_.stored(key);
  refresh_ended(key, happened.at);
  if (happened.task == Task::refresh && key < unread_refreshes_.size())
    unread_refreshes_[key] = true;
}

// The entry that a refresh has stored is gone: wasted, if no read has hit it.
void Meter::refresh_ended(Key key, SimTime at) {
  if (key >= unread_refreshes_.size() || !unread_refreshes_[key]) return;
  unread_refreshes_[key] = false;
  if (counts(at)) ++wasted_refreshes_;
}

void Meter::queried(const Happened& happened) {
  const Effect& effect = happened.effect;
  const Reply& reply = happened.reply;
  if (effect.kind != EffectKind::db_read) {
    const Key row = effect.key;
    versions_.committed(row, reply.version, happened.at);
    if (!uncommitted_.empty()) committed(row, reply.version);
    return versions_.hold(happened.client, row, reply.version);
  }
  versions_.hold(happened.client, effect.key, reply.version, reply.superseded_at);
  answered(happened, reply.superseded_at);
  episodes_.loaded(happened.client);
  if (happened.serves == OperationKind::write || !counts(happened.at)) return;
  ++loads_;
  if (!reply.found) ++absent_loads_;
}

// What was read before it was committed is no phantom any more.
void Meter::committed(Key row, Version version) {
  const auto reads = uncommitted_.find(named(row, version));
  if (reads == uncommitted_.end()) return;
  phantom_reads_ -= reads->second;
  uncommitted_.erase(reads);
}

void Meter::query_started(const QueryStart& query) {
  if (!counts(query.at)) return;
  ++(query.kind == EffectKind::db_read ? db_reads_ : db_writes_);
  db_in_flight_max_ = std::max(db_in_flight_max_, query.in_flight);
  db_waits_.add(query.waited);
  last_queries_.push_back(query.at);
  while (last_queries_.front() <= query.at - peak_window_) last_queries_.pop_front();
  queries_peak_ = std::max(queries_peak_, last_queries_.size());
}

void Meter::query_queued(std::uint32_t queue_length, SimTime at) {
  if (counts(at)) db_queue_max_ = std::max(db_queue_max_, queue_length);
}

void Meter::query_rejected(SimTime at) {
  if (counts(at)) ++db_rejects_;
}

void Meter::cache_blocked(Duration time, SimTime at) {
  if (counts(at)) cache_blocked_max_ = std::max(cache_blocked_max_, time);
}

void Meter::timed_out(SimTime at) { timeouts_ += counts(at); }

void Meter::let_go(ClientId client) {
  versions_.let_go(client);
  episodes_.let_go(client);
}

void Meter::task_finished(ClientId client) { let_go(client); }

void Meter::value_gone(Key key, Gone how, SimTime at) {
  refresh_ended(key, at);
  causes_.gone(key, how == Gone::expired   ? MissCause::expired
                    : how == Gone::evicted ? MissCause::evicted
                                           : MissCause::invalidated);
}

Meter::Answer Meter::answer_of(ClientId client) const {
  return client < answers_.size() ? answers_[client] : Answer{};
}

Duration Meter::staleness_of(ClientId client) const { return answer_of(client).staleness; }

void Meter::finished(const Served& served) {
  ++operations_;
  let_go(served.client);
  const MissCause cause = causes_.take(served.client);
  if (!counts(served.invoked)) return;
  if (served.waited > Duration{0}) waits_.add(served.waited);
  if (served.failed) {
    ++errors_;
  } else if (served.kind == OperationKind::read) {
    if (!served.hit) ++misses_by_cause_[static_cast<std::size_t>(cause)];
    finished_read(served);
  } else {
    writes_.add(served.responded - served.invoked);
  }
}

void Meter::finished_read(const Served& served) {
  reads_.add(served.responded - served.invoked);
  ++(served.hit ? hits_ : misses_);
  const Answer answer = answer_of(served.client);
  staleness_.add(answer.staleness);
  // Unless it was committed between the get and the response.
  const auto uncommitted = uncommitted_.find(answer.uncommitted);
  if (uncommitted != uncommitted_.end()) {
    ++uncommitted->second;
    ++phantom_reads_;
  }
  if (answer.staleness > Duration{0}) {
    ++stale_reads_;
    versions_behind_max_ = std::max(versions_behind_max_, answer.behind);
  }
}

std::vector<Metric> Meter::metrics(std::uint64_t stale_residue, const ServerStats& server) const {
  const double seconds = to_us(to_ - from_) / 1e6;
  const auto count = [](auto n) { return static_cast<double>(n); };
  const auto missed = [&](MissCause cause) {
    return count(misses_by_cause_[static_cast<std::size_t>(cause)]);
  };
  std::optional<double> peak_qps;
  if (peak_window_ <= to_ - from_)
    peak_qps = count(queries_peak_) * (1e9 / count(peak_window_.count()));
  std::vector<Metric> metrics{
      {"reads", count(hits_ + misses_)},
      {"writes", count(writes_.count())},
      {"hits", count(hits_)},
      {"misses", count(misses_)},
      {"hit_ratio", ratio(hits_, hits_ + misses_)},
      {"misses_cold", missed(MissCause::cold)},
      {"misses_expired", missed(MissCause::expired)},
      {"misses_evicted", missed(MissCause::evicted)},
      {"misses_invalidated", missed(MissCause::invalidated)},
      {"misses_emptied", missed(MissCause::emptied)},
      {"misses_renamed", missed(MissCause::renamed)},
      {"misses_bypassed", missed(MissCause::bypassed)},
      {"stale_reads", count(stale_reads_ + phantom_reads_)},
      {"phantom_reads", count(phantom_reads_)},
      {"stale_read_ratio", ratio(stale_reads_ + phantom_reads_, hits_ + misses_)},
      {"staleness_us_mean", mean_us(staleness_)},
      {"staleness_us_p99", percentile_us(staleness_, 990)},
      {"staleness_us_max", percentile_us(staleness_, 1000)},
      {"versions_behind_max", count(versions_behind_max_)},
      {"stale_fills", count(stale_fills_)},
      {"stale_residue", count(stale_residue)},
      {"loads", count(loads_)},
      {"loads_per_miss_episode_mean", ratio(episodes_.loads(), episodes_.count())},
      {"loads_per_miss_episode_max", count(episodes_.loads_max())},
      {"db_reads", count(db_reads_)},
      {"db_writes", count(db_writes_)},
      {"db_qps_mean", count(db_reads_ + db_writes_) / seconds},
      {"db_qps_peak", peak_qps},
      {"db_in_flight_max", count(db_in_flight_max_)},
      {"db_queue_max", count(db_queue_max_)},
      {"db_rejects", count(db_rejects_)},
      {"db_wait_us_mean", mean_us(db_waits_)},
      {"read_us_p50", percentile_us(reads_, 500)},
      {"read_us_p95", percentile_us(reads_, 950)},
      {"read_us_p99", percentile_us(reads_, 990)},
      {"read_us_p999", percentile_us(reads_, 999)},
      {"write_us_p50", percentile_us(writes_, 500)},
      {"write_us_p95", percentile_us(writes_, 950)},
      {"write_us_p99", percentile_us(writes_, 990)},
      {"write_us_p999", percentile_us(writes_, 999)},
      {"cache_memory_bytes_max", count(server.memory_max)},
      {"keyspace_hits", count(keyspace_hits_)},
      {"keyspace_misses", count(keyspace_misses_)},
      {"evicted_keys", count(server.evicted)},
      {"expired_keys", count(expired_ + server.expired)},
      {"oom_errors", count(server.out_of_memory)},
      {"cache_blocked_us_max", to_us(cache_blocked_max_)},
      {"lost_writes", count(lost_writes_)},
      {"wasted_refreshes", count(wasted_refreshes_)},
      {"absent_lookups_reaching_db", count(absent_loads_)},
      {"waits_us_p99", percentile_us(waits_, 990)},
      {"errors", count(errors_)},
      {"timeouts", count(timeouts_)},
  };
  return metrics;
}

}  // namespace cacherace::judge

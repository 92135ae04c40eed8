#include "sim/judge/metric/meter.hpp"

#include <algorithm>

namespace cacherace::judge {
namespace {

constexpr ClientId nobody = ~ClientId{0};

// As INFO stats counts: commands that only look a key up, whatever it holds. A set or a delete of a
// key that is there is no hit.
bool looks_up_only(EffectKind kind) {
  return kind == EffectKind::cache_get || kind == EffectKind::cache_lease_get ||
         kind == EffectKind::cache_get_version || kind == EffectKind::cache_get_mark;
}

// What a read looks for a value with, or for the name of one.
bool asks_for_value(EffectKind kind) {
  return kind == EffectKind::cache_get || kind == EffectKind::cache_lease_get ||
         kind == EffectKind::cache_get_version || kind == EffectKind::cache_seed_version;
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
      unread_refreshes_(copies.rows * (1 + copies.derived)),
      recovery_(from, to, peak_window) {}

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
  if (effect.named != 0) return;  // of a script: what it says of a row nobody can tell
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
      if (reply.found || reply.expired)
        causes_.gone(effect.key, reply.found ? MissCause::invalidated : MissCause::expired);
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
    case EffectKind::cache_set_ttl:
    case EffectKind::cache_lock:
    case EffectKind::cache_unlock:
    case EffectKind::cache_unlock_any:
    case EffectKind::cache_get_version:
    case EffectKind::cache_seed_version:
    case EffectKind::cache_bump_version:
    case EffectKind::cache_mark:
    case EffectKind::cache_get_mark:
    case EffectKind::cache_keys:
    case EffectKind::cache_scan:
    case EffectKind::cache_del_listed:
    case EffectKind::cache_clean:
    case EffectKind::cache_expire:
    case EffectKind::cache_soften:
    case EffectKind::cache_evict:
    case EffectKind::db_begin:
    case EffectKind::db_apply:
    case EffectKind::queue_append:
    case EffectKind::queue_take:
    case EffectKind::flight_join:
    case EffectKind::flight_forget:
    case EffectKind::local_del:
    case EffectKind::filter_add:
    case EffectKind::wait:
    case EffectKind::cache_block:
    case EffectKind::cache_publish:
    case EffectKind::db_block:
    case EffectKind::db_delete:
    case EffectKind::db_roll_back:
    case EffectKind::memory_get:
    case EffectKind::memory_set:
    case EffectKind::memory_del:
    case EffectKind::memory_block:
    case EffectKind::memory_await:
    case EffectKind::memory_lock:
    case EffectKind::memory_unlock:
    case EffectKind::choose:
    case EffectKind::cache_ttl:
    case EffectKind::cache_watch:
    case EffectKind::cache_unwatch:
      break;  // counts in no metric but those above
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
    if (reply.expired) causes_.gone(effect.key, MissCause::expired);
    if (happened.serves == OperationKind::read) causes_.missed(happened.client, effect.key);
    episodes_.missed(happened.client, effect.key, counts(happened.at));
    if (reply.expired) refresh_ended(effect.key, happened.at);
    return;
  }
  const std::uint32_t copy = local           ? versions_.local_copy(happened.process)
                             : reply.refused ? versions_.stale_area()
                                             : 0;
  const SimTime superseded = versions_.cached_superseded_at(copy, effect.key, reply.version);
  answered(happened, superseded);
  if (reply.soft && happened.serves == OperationKind::read) {
    causes_.may_miss(happened.client);
    episodes_.may_miss(happened.client);
  }
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
    if (keeps_commits_) commits_[row].push_back({.version = reply.version, .at = happened.at});
    if (!uncommitted_.empty()) committed(row, reply.version);
    return versions_.hold(happened.client, row, reply.version);
  }
  versions_.hold(happened.client, effect.key, reply.version, reply.superseded_at);
  answered(happened, reply.superseded_at);
  episodes_.loaded(happened.client, effect.key, counts(happened.at));
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
  recovery_.queried(query.at);
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

void Meter::timed_out(const TimedOut& command) {
  timeouts_ += !command.refused && counts(command.at);
  if (command.serves == OperationKind::read && asks_for_value(command.kind))
    causes_.unanswered(command.client);
}

void Meter::let_go(ClientId client) {
  versions_.let_go(client);
  episodes_.let_go(client);
}

void Meter::task_finished(ClientId client) {
  let_go(client);
  causes_.take(client);
}

void Meter::value_gone(Key key, Gone how, SimTime at) {
  refresh_ended(key, at);
  const auto cause = [how] {
    switch (how) {
      case Gone::expired:
        return MissCause::expired;
      case Gone::evicted:
        return MissCause::evicted;
      case Gone::deleted:
        return MissCause::invalidated;
      case Gone::flushed:
        break;
    }
    return MissCause::emptied;
  };
  causes_.gone(key, cause());
}

Meter::Answer Meter::answer_of(ClientId client) const {
  return client < answers_.size() ? answers_[client] : Answer{};
}

Duration Meter::staleness_of(ClientId client) const { return answer_of(client).staleness; }

// What a script read is as stale as the commit that came after it, whichever entry it came from.
void Meter::answer_of_script(const Served& served) {
  if (answers_.size() <= served.client) answers_.resize(served.client + 1);
  Answer& answer = answers_[served.client];
  answer = {};
  if (!served.read) return;
  const auto known = commits_.find(served.key);
  if (known == commits_.end()) return;
  const auto& commits = known->second;
  const auto next = std::ranges::upper_bound(commits, *served.read, {}, &Commit::version);
  const Version row = commits.back().version;
  if (*served.read > row) {
    answer.uncommitted = named(versions_.row_of(served.key), *served.read);
    uncommitted_.try_emplace(answer.uncommitted);
  } else if (next != commits.end() && next->at < served.invoked) {
    answer = {.staleness = served.invoked - next->at, .behind = row - *served.read};
  }
}

void Meter::finished(const Served& served) {
  if (served.scripted && served.kind == OperationKind::read) answer_of_script(served);
  ++operations_;
  let_go(served.client);
  const MissCause cause = causes_.take(served.client);
  recovery_.responded(served.responded, served.failed);
  if (!counts(served.invoked)) return;
  if (served.waited > Duration{0}) waits_.add(served.waited);
  if (served.kind == OperationKind::write)
    return served.failed ? void(++failed_writes_) : writes_.add(served.responded - served.invoked);
  const bool hit = served.hit && !served.failed;
  ++(hit ? hits_ : misses_);
  if (!hit) ++misses_by_cause_[static_cast<std::size_t>(cause)];
  served.failed ? void(++failed_reads_) : answered_read(served);
}

void Meter::answered_read(const Served& served) {
  reads_.add(served.responded - served.invoked);
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

}  // namespace cacherace::judge

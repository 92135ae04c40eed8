// The cache server, the database and its replicas.

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/checked_time.hpp"
#include "sim/core/fixed.hpp"
#include "sim/engine/clock/clock.hpp"

namespace cacherace::engine {
namespace {

// A statement that reads is performed when its service starts.
bool reads(EffectKind kind) { return kind == EffectKind::db_read || kind == EffectKind::db_block; }

}  // namespace

// ---- the cache server: one command at a time ---------------------------------------------------

void Clock::arrive_at_cache(ClientId client) {
  if (!cache_reached()) return fail_at_cache(client);
  if (commands_.empty() && server_free_ <= now_) return serve_command(client);
  rest(client);
  commands_.push_back(client);
  agenda_.set(server_, server_free_, 0);
}

void Clock::serve_command(ClientId client) {
  const Reply reply = perform(client);
  const Duration busy = plus(scenario_.cache.command, times(reply.count, scenario_.cache.per_key));
  block_cache(busy);
  work_ += reply.count / entries_per_work;
  const auto latency = flights_[client].latency;
  reply_to(client, reply, later(now_, plus(busy, latency - latency / 2)));
}

void Clock::serve_next_command() {
  agenda_.clear(server_);
  while (!commands_.empty() && server_free_ <= now_) {
    const ClientId next = commands_.front();
    commands_.pop_front();
    serve_command(next);
  }
  if (!commands_.empty()) agenda_.set(server_, server_free_, 0);
}

// Whatever the server does takes its turn: the commands that come meanwhile wait.
void Clock::block_cache(Duration busy) {
  if (busy == Duration{0}) return;
  server_free_ = later(std::max(server_free_, now_), busy);
  if (server_free_ > end_of_time)
    throw OutOfTime{"/cache", "the cache server is busy with its commands"};
  observer_.cache_blocked(busy, now_);
}

// Ten times a second while the traffic lasts.
void Clock::next_expiry() {
  cycle_sleeps_ = false;
  const auto cycles = (now_ - start_of_time) / world::expiry_cycle_period + 1;
  const SimTime next =
      start_of_time + times(static_cast<std::uint64_t>(cycles), world::expiry_cycle_period);
  if (scenario_.cache.active_expiry && next < start_of_time + traffic_.duration)
    agenda_.set(cycle_, next, 0);
  else
    agenda_.clear(cycle_);
}

// A cycle that finds no entry with a TTL is the last one, until the cache changes: years may pass.
void Clock::expire_actively() {
  const auto cycle = world_.cache.expire_actively(now_);
  work_ += cycle.looked_at / entries_per_work;
  block_cache(cycle.took);
  report_gone();
  if (cycle.looked_at > 0) return next_expiry();
  cycle_sleeps_ = true;
  agenda_.clear(cycle_);
}

// At the end of the warm-up and at the end of the traffic.
void Clock::measure() {
  const SimTime end = start_of_time + traffic_.duration;
  if (now_ < end) {
    world_.cache.restart_stats();
    return agenda_.set(window_, end, 0);
  }
  server_stats_ = world_.cache.stats();
  agenda_.clear(window_);
}

// ---- the database's connections ----------------------------------------------------------------

void Clock::arrive_at_database(ClientId client) {
  const Effect& query = world_.clients[client].pending;
  const bool asks_for_row = query.kind == EffectKind::db_begin && !holds(client, query);
  if (asks_for_row && !claim(strategy_.layout.row_of(query.key))) {
    row_queue_.push_back(client);
    return rest(client);
  }
  flights_[client].arrived = now_;
  if (database_down_) return reject_query(client);
  if (sharing_ || in_service_ < connections_) return serve(client);
  if (queue_.full()) return reject_query(client);
  rest(client);
  queue_.push_back(client);
  observer_.query_queued(static_cast<std::uint32_t>(queue_.size()), now_);
}

// Its client learns of it after the time that the query would have taken.
void Clock::reject_query(ClientId client) {
  const Effect& query = world_.clients[client].pending;
  observer_.query_rejected(now_);
  rest(client);
  if (query.kind == EffectKind::db_begin) std::erase(claimed_, strategy_.layout.row_of(query.key));
  world_.roll_back(owner_of(client));
  wake();
  reply_to(client, {.failed = true}, later(now_, flights_[client].latency));
}

void Clock::serve(ClientId client) {
  auto& flight = flights_[client];
  auto& state = world_.clients[client];
  ++in_service_;
  observer_.query_started({.kind = state.pending.kind,
                           .at = now_,
                           .waited = now_ - flight.arrived,
                           .in_flight = in_service_,
                           .queued = static_cast<std::uint32_t>(queue_.size())});
  if (reads(state.pending.kind)) state.reply = perform(client);  // the snapshot
  flight.phase = Phase::in_service;
  if (!sharing_) return at(client, later(now_, flight.latency), flight.tie);
  rest(client);
  sharing_->begin(client, flight.latency, flight.tie, now_);
  await_end_of_service();
}

// The row for a transaction that begins, from then until it has begun. Nobody begins another one on
// a row that is locked or claimed.
bool Clock::claim(Key row) {
  if (world_.database.locked(row) || std::ranges::find(claimed_, row) != claimed_.end())
    return false;
  claimed_.push_back(row);
  return true;
}

// An overloaded database that slows down serves every query, and each the longer for the others.
void Clock::await_end_of_service() {
  const auto next = sharing_->next(now_);
  const ClientId ends_next = next ? next->actor : nobody;
  if (ends_next_ != nobody && ends_next_ != ends_next) rest(ends_next_);
  ends_next_ = ends_next;
  if (next) at(next->actor, later(now_, next->after), next->tie);
}

void Clock::end_service(ClientId client) {
  auto& state = world_.clients[client];
  const EffectKind kind = state.pending.kind;
  const Key row = strategy_.layout.row_of(state.pending.key);
  if (kind == EffectKind::db_begin) std::erase(claimed_, row);
  if (!connected(client))
    state.reply = {.failed = true};
  else if (!reads(kind))
    state.reply = perform(client);  // the commit
  if (kind == EffectKind::db_begin && !world_.database.locked(row)) wake();
  const Reply reply = world_.clients[client].reply;
  free_connection();
  reply_to(client, reply, now_);
}

// A transaction ends with its connection: nobody can begin one for a client that has given up, or
// commit one that was rolled back.
bool Clock::connected(ClientId client) const {
  const EffectKind kind = world_.clients[client].pending.kind;
  const ClientId sender = flights_[client].sender;
  const bool given_up = world_.clients[client].task == Task::late && sender == nobody;
  if (kind == EffectKind::db_begin) return !given_up;
  const auto& owner = world_.clients[owner_of(client)];
  return kind != EffectKind::db_commit || owner.began || owner.transaction;
}

// The client's own transaction has locked the row already.
bool Clock::holds(ClientId client, const Effect& query) const {
  const auto& transaction = world_.clients[owner_of(client)].transaction;
  if (!query.in_transaction || !transaction) return false;
  return std::ranges::find(transaction->written, strategy_.layout.row_of(query.key)) !=
         transaction->written.end();
}

// Who waits for the answer that this client carries.
ClientId Clock::owner_of(ClientId client) const {
  const ClientId sender = flights_[client].sender;
  return sender == nobody ? client : sender;
}

void Clock::free_connection() {
  --in_service_;
  observer_.query_ended(in_service_, now_);
  if (sharing_) {
    sharing_->end(now_);
    ends_next_ = nobody;
    return await_end_of_service();
  }
  if (queue_.empty() || in_service_ >= connections_) return;
  const ClientId next = queue_.front();
  queue_.pop_front();
  serve(next);
}

// ---- replicas ----------------------------------------------------------------------------------

// Every replica is going to apply the commit, in the order of commits.
void Clock::replicate() {
  const std::uint64_t commit = commits_++;
  for (std::uint32_t replica = 0; replica < lags_.size(); ++replica) {
    const auto index = static_cast<std::uint32_t>(commit);
    const std::uint64_t actor = commit >> 32 << 8 | replica;
    const Draw random = draw(seed_, actor, Purpose::lag, index);
    SimTime at = later(now_, sample(scenario_.database.replicas.lag, random.first, [&] {
                         return draw(seed_, actor, Purpose::lag_tail, index).first;
                       }));
    auto& lag = lags_[replica];
    if (!lag.empty()) at = std::max(at, lag.back());
    lag.push_back(at);
    agenda_.set(first_replica_ + replica, lag.front(), static_cast<std::uint32_t>(random.second));
  }
}

void Clock::apply(std::uint32_t replica) {
  auto& lag = lags_[replica];
  lag.pop_front();
  world_.perform({.kind = EffectKind::db_apply, .token = replica}, world::no_client, now_);
  if (lag.empty())
    agenda_.clear(first_replica_ + replica);
  else
    agenda_.set(first_replica_ + replica, lag.front(), 0);
}

}  // namespace cacherace::engine

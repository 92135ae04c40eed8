// What befalls the servers and their clients at given times.

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/checked_time.hpp"
#include "sim/core/fixed.hpp"
#include "sim/engine/clock/clock.hpp"

namespace cacherace::engine {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

void Clock::next_incident() {
  if (incidents_done_ == incidents_.size())
    agenda_.clear(incident_);
  else
    agenda_.set(incident_, start_of_time + incidents_[incidents_done_].at, 0);
}

void Clock::happen(const scenario::Deed& deed) {
  const auto block = [&](std::uint32_t keys) { block_cache(times(keys, scenario_.cache.per_key)); };
  const auto empty = [&](EffectKind kind) {
    const Effect effect{.kind = kind};
    const Reply reply = world_.perform(effect, world::no_client, now_);
    observer_.effect({.client = nobody,
                      .serves = OperationKind::mishap,
                      .at = now_,
                      .invoked = now_,
                      .effect = effect,
                      .reply = reply});
    work_ += work_between_asking;
    block(kind == EffectKind::cache_flush ? reply.count : 0);
  };
  std::visit(Overloaded{
                 [&](const scenario::Flush& flush) {
                   if (flush.share.billionths < Decimal::one) return flush_share(flush.share);
                   empty(EffectKind::cache_flush);
                 },
                 [&](const scenario::CacheRestart&) {
                   empty(EffectKind::cache_restart);
                   if (strategy_.layout.loses_messages()) lose_messages();
                 },
                 [&](const scenario::KeysCommand&) { block(world_.cache.present()); },
                 [&](const scenario::SetTtl& change) { strategy_.set_ttl(change.ttl); },
                 [&](const scenario::ChangeKeyFormat&) { change_key_format(); },
                 [&](const scenario::Bypass& bypass) { bypass_ = bypass.share; },
                 [&](const scenario::InvalidateGroup& group) {
                   const ClientId task = take_client();
                   world::Client nobody_in_particular;
                   nobody_in_particular.key = group.group;
                   world_.clients[task].self = next_name();
                   strategy_.begin(world_.clients[task], nobody_in_particular,
                                   {.task = Task::end_group, .durable = true});
                   flights_[task].operation = std::uint64_t{3} << 62 | incidents_done_;
                   flights_[task].durable = true;
                   start_task(task, flights_[task].operation, now_);
                 },
                 [&](const scenario::CacheDown& outage) {
                   cache_down_ = outage.down;
                   outage.down ? begin_outage() : end_outage();
                 },
                 [&](const scenario::CacheSilent& outage) {
                   cache_silent_ = outage.silent;
                   outage.silent ? begin_outage() : end_outage();
                 },
                 [&](const scenario::CacheSlow& slow) { cache_slower_by_ = slow.by; },
                 [&](const scenario::DatabaseDown& outage) {
                   database_down_ = outage.down;
                   while (database_down_ && !queue_.empty()) {
                     const ClientId waiting = queue_.front();
                     queue_.pop_front();
                     reject_query(waiting);
                   }
                 },
                 [&](const scenario::DatabaseCapacity& capacity) {
                   const auto whole = std::uint64_t{scenario_.database.connections};
                   const auto part = Uint128{whole} *
                                     static_cast<std::uint64_t>(capacity.share.billionths) /
                                     Decimal::one;
                   set_connections(std::max(1U, static_cast<std::uint32_t>(part)));
                 },
                 [&](const scenario::Admit& admit) { admits_ = admit.share; },
             },
             deed);
  ++incidents_done_;
  next_incident();
}

// The first-level caches lose their connection to the server, as when it restarts.
void Clock::begin_outage() {
  if (strategy_.layout.flushes_locals) world_.locals.clear();
  if (strategy_.layout.loses_messages()) lose_messages();
  for (const ClientId waiting : std::exchange(commands_, {})) fail_at_cache(waiting);
  agenda_.clear(server_);
}

void Clock::end_outage() {
  if (!cache_reached()) return;
  for (const ClientId waiting : std::exchange(wait_for_cache_, {}))
    at(waiting, now_, flights_[waiting].tie);
}

// A command that is refused fails when its client learns of it; one that gets no answer is lost.
// Who flushes the write-behind queue waits until the server is back.
void Clock::fail_at_cache(ClientId client) {
  rest(client);
  const ClientId owner = owner_of(client);
  if (world_.clients[owner].task == Task::flush) return wait_for_cache_.push_back(client);
  if (cache_down_) {
    observer_.timed_out({.client = owner,
                         .serves = world_.clients[owner].operation,
                         .kind = world_.clients[client].pending.kind,
                         .at = now_,
                         .refused = true});
    const auto latency = flights_[client].latency;
    return reply_to(client, {.failed = true, .refused = true}, later(now_, latency - latency / 2));
  }
  SIM_ASSERT(world_.clients[client].task == Task::late);  // a timeout is there
  if (const ClientId sender = flights_[client].sender; sender != nobody)
    flights_[sender].messenger = lost;
  observer_.task_finished(client);
  free_client(client);
}

// Of all keys, those that one of several servers has: the same ones each time, more for a larger
// share.
void Clock::flush_share(Share share) {
  const auto& names = world_.cache.names();
  std::uint32_t flushed = 0;
  for (world::SlotId slot = 0; slot < names.slots(); ++slot) {
    stop_point_();
    if (!world_.cache.entry(slot).present()) continue;
    if (!chance(share, draw(seed_, names.name_of(slot).key, Purpose::place, 0).first)) continue;
    world_.cache.remove(slot, Gone::flushed);
    ++flushed;
  }
  report_gone();
  work_ += work_between_asking;
  block_cache(times(flushed, scenario_.cache.per_key));
  if (cycle_sleeps_) next_expiry();
}

void Clock::set_connections(std::uint32_t connections) {
  connections_ = connections;
  if (sharing_) {
    sharing_->set_processors(connections, now_);
    return await_end_of_service();
  }
  while (!queue_.empty() && in_service_ < connections_) {
    const ClientId next = queue_.front();
    queue_.pop_front();
    serve(next);
  }
}

// The messages to first-level caches came by connections to the server that restarts.
void Clock::lose_messages() {
  for (ClientId task = 0; task < flights_.size(); ++task)
    if (world_.clients[task].busy() && world_.clients[task].task == Task::tell) {
      observer_.task_finished(task);
      free_client(task);
    }
}

// The application looks its keys up under new names from now on. What is cached under the old ones
// stays where it is until somebody notices that it has expired, or evicts it.
void Clock::change_key_format() {
  constexpr std::uint32_t first_format = 1U << 28;
  ++key_formats_;
  for (Key key = 0; key < strategy_.layout.keys(); ++key) {
    stop_point_();
    const world::Name name = world_.current_name(key);
    const world::Entry entry = world_.cache.peek(name, start_of_time);  // even if it is over
    if (!entry.present()) continue;
    world_.cache.remove(name);
    world_.cache.store(world_.value_name(key, first_format + key_formats_), entry, now_);
  }
  if (cycle_sleeps_) next_expiry();
}

}  // namespace cacherace::engine

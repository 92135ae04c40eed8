// Effects of the clock engine on their way: issue, effect and reply, timeouts and losses.

#include <algorithm>
#include <utility>

#include "sim/core/checked_time.hpp"
#include "sim/core/fixed.hpp"
#include "sim/engine/clock/clock.hpp"

namespace cacherace::engine {
namespace {

Purpose of_kind(Purpose first, EffectKind kind) {
  return static_cast<Purpose>(static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(kind));
}

bool reads_rows(EffectKind kind) {
  return kind == EffectKind::db_read || kind == EffectKind::db_block;
}

std::uint32_t index_of(EffectKind kind, std::uint32_t repeat) {
  return static_cast<std::uint32_t>(kind) << 24 | repeat;
}

}  // namespace

const Answers::OfEffect* Clock::answer_to(StreamName name, EffectKind kind,
                                          std::uint32_t repeat) const {
  if (answers_ == nullptr) return nullptr;
  const auto answer = answers_->effects.find({name, kind, repeat});
  return answer == answers_->effects.end() ? nullptr : &answer->second;
}

Duration Clock::pause(ClientId client, EffectKind kind) const {
  const auto& settings = scenario_.clients.pause;
  const auto& flight = flights_[client];
  const auto repeat = flight.repeats[static_cast<int>(kind)];
  if (const auto* told = answer_to(flight.operation, kind, repeat)) return told->pause;
  if (settings.share.billionths == 0 || !flight.started) return Duration{0};
  const auto index = index_of(kind, repeat);
  const Draw random = draw(seed_, flight.operation, Purpose::pause, index);
  if (!chance(settings.share, random.first)) return Duration{0};
  return sample(settings.length, random.second,
                [&] { return draw(seed_, flight.operation, Purpose::pause_tail, index).first; });
}

bool Clock::dies(ClientId client, EffectKind kind) const {
  const auto& flight = flights_[client];
  if (scenario_.clients.crash.billionths == 0 || !flight.started || flight.durable) return false;
  const auto index = index_of(kind, flight.repeats[static_cast<int>(kind)]);
  return chance(scenario_.clients.crash,
                draw(seed_, flight.operation, Purpose::mishap, index).first);
}

// Sends the client's pending effect on its way at `issued`.
void Clock::issue(ClientId client, SimTime issued) {
  const Effect& effect = world_.clients[client].pending;
  const EffectKind kind = effect.kind;
  if (dies(client, kind)) return die(client, issued);
  issued = later(issued, pause(client, kind));
  auto& flight = flights_[client];
  flight.started = true;
  const std::uint32_t repeat = flight.repeats[static_cast<int>(kind)]++;
  Draw random = draw(seed_, flight.operation, of_kind(Purpose::effect, kind), repeat);
  if (const auto* told = answer_to(flight.operation, kind, repeat))
    random.second = std::uint64_t{told->tie} << 32 | told->tie;
  flight.tie = static_cast<std::uint32_t>(random.second >> 32);
  if (party(kind) == Party::process) {
    const bool waits =
        kind == EffectKind::wait || (kind == EffectKind::choose && effect.after > Duration{0});
    if (world_.clients[client].waiting && flight.waits_since == never) flight.waits_since = issued;
    flight.phase = waits ? Phase::waiting : Phase::in_process;
    return at(client, waits ? later(issued, effect.after) : issued,
              static_cast<std::uint32_t>(random.second));
  }
  if (strategy_.script) issued = later(issued, effect.after);
  const std::uint64_t operation = flight.operation;
  const ClientId messenger = messenger_of(client, random, issued);
  if (messenger != nobody) send(messenger, random, operation, repeat, issued);
}

void Clock::send(ClientId messenger, const Draw& random, std::uint64_t operation,
                 std::uint32_t repeat, SimTime issued) {
  auto& flight = flights_[messenger];
  const EffectKind kind = world_.clients[messenger].pending.kind;
  const bool database = party(kind) == Party::database;
  const auto& latency = reads_rows(kind) ? scenario_.database.read
                        : database       ? scenario_.database.write
                                         : scenario_.cache.latency;
  flight.latency = sample(latency, random.first, [&] {
    return draw(seed_, operation, of_kind(Purpose::tail, kind), repeat).first;
  });
  if (const auto* told = answer_to(operation, kind, repeat)) flight.latency = told->latency;
  if (!database) flight.latency = plus(flight.latency, cache_slower_by_);
  flight.phase = database ? Phase::at_database : Phase::at_cache;
  at(messenger, database ? issued : later(issued, flight.latency / 2),
     static_cast<std::uint32_t>(random.second));
}

// ---- the moment of an effect -------------------------------------------------------------------

// Chance decides what a search would try both ways.
bool Clock::other_outcome(ClientId client, const Effect& effect) const {
  const auto& flight = flights_[client];
  if (effect.kind == EffectKind::wait) return now_ - flight.waits_since >= effect.give_up;
  if (effect.kind != EffectKind::cache_get || !effect.may_be_early) return false;
  const auto& entry = world_.cache.peek(world_.name_of(effect), now_);
  if (!entry.answers() || entry.expires_at == never) return false;
  // XFetch (Vattani, Chierichetti, Lowenstein 2015): early when now - load_time * beta * ln(U)
  // reaches the expiry.
  const Duration mean =
      scaled(entry.load_time, static_cast<std::uint64_t>(strategy_.beta.billionths), Decimal::one);
  const auto word =
      draw(seed_, flight.operation, Purpose::early, flight.repeats[static_cast<int>(effect.kind)])
          .first;
  return later(now_, exponential(mean, word)) >= entry.expires_at;
}

Reply Clock::perform(ClientId messenger) {
  const ClientId sender = flights_[messenger].sender;
  const ClientId client = sender == nobody ? messenger : sender;
  const Effect effect = world_.clients[messenger].pending;
  const Reply reply = perform_one(client, effect);
  if (strategy_.script) perform_inner(client, effect, reply);
  if (effect.kind == EffectKind::db_write || effect.kind == EffectKind::db_commit) replicate();
  const bool frees = effect.kind == EffectKind::db_commit ||
                     effect.kind == EffectKind::db_roll_back ||
                     effect.kind == EffectKind::flight_finish;
  if (frees) wake();
  return reply;
}

// What a script does at the same moment: the commands of a block, the other rows of a commit. A
// block that nobody waits for any more does nothing.
void Clock::perform_inner(ClientId client, const Effect& effect, const Reply& reply) {
  auto state = [&]() -> world::Client& { return world_.clients[client]; };
  if (effect.kind == EffectKind::db_commit && effect.in_transaction && reply.count > 0) {
    while (!state().transaction->written.empty()) {
      Effect next = effect;
      next.key = state().transaction->written.front();
      perform_one(client, next);
      replicate();
    }
    return;
  }
  const bool remembers = effect.kind == EffectKind::memory_set ||
                         effect.kind == EffectKind::memory_del ||
                         effect.kind == EffectKind::memory_unlock;
  if (remembers || effect.kind == EffectKind::memory_block)
    for (const ClientId waiter : std::exchange(memory_queue_, {})) {
      flights_[waiter].phase = Phase::in_process;
      at(waiter, now_, flights_[waiter].tie);
    }
  const bool block = effect.kind == EffectKind::cache_block ||
                     effect.kind == EffectKind::db_block || effect.kind == EffectKind::memory_block;
  if (!block || reply.failed || state().task == Task::late) return;
  tell_time(now_);
  strategy_.resume(state(), reply);
  while (state().busy() && state().pending.inner && !strategy_.ends_block(state())) {
    const Reply inner = perform_one(client, state().pending);
    strategy_.resume(state(), inner);
  }
  flights_[client].in_block = true;
}

Reply Clock::perform_one(ClientId client, Effect effect) {
  const auto& flight = flights_[client];
  const auto repeat = flight.repeats[static_cast<int>(effect.kind)];
  effect.ttl = draw_ttl(effect, flight.operation, repeat);
  if (effect.kind == EffectKind::choose)
    effect.token = 1 + static_cast<std::uint32_t>(multiply_high(
                           draw(seed_, flight.operation, Purpose::choice, repeat).first,
                           std::max(effect.token, 1U)));
  const Reply reply = world_.perform(effect, client, now_, other_outcome(client, effect));
  strategy_.start_followers(world_.clients[client], effect, reply);
  report_gone();
  if (cycle_sleeps_ && !only_reads(effect.kind)) next_expiry();
  ++effects_;
  digest_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  digest_.add(flight.operation);
  digest_.add(std::uint64_t{effect.key} << 32 | static_cast<std::uint64_t>(effect.kind) << 2 |
              static_cast<std::uint64_t>(reply.soft) << 1 |
              static_cast<std::uint64_t>(reply.found));
  digest_.add(std::uint64_t{effect.version} << 32 | reply.version);
  digest_.add(static_cast<std::uint64_t>(effect.ttl.count()) << 1 |
              static_cast<std::uint64_t>(reply.expired));
  observer_.effect({.client = client,
                    .serves = world_.clients[client].operation,
                    .task = world_.clients[client].task,
                    .process = world_.clients[client].process,
                    .at = now_,
                    .invoked = flight.invoked,
                    .effect = effect,
                    .reply = reply});
  return reply;
}

void Clock::report_gone() {
  if (!world_.cache.any_gone()) return;
  for (const auto& [key, how] : world_.cache.take_gone()) observer_.value_gone(key, how, now_);
}

// Those who waited for a flight or for a row go on.
void Clock::wake() {
  for (const ClientId client : world_.take_woken())
    if (flights_[client].phase == Phase::blocked) {
      flights_[client].phase = Phase::in_process;
      at(client, now_, flights_[client].tie);
    }
  work_ += row_queue_.size();
  for (const ClientId client : std::exchange(row_queue_, {}))
    at(client, now_, flights_[client].tie);
}

// ---- timeouts ----------------------------------------------------------------------------------

// Who carries the client's pending command: without a timeout the client itself. Nobody when the
// command is lost on its way.
ClientId Clock::messenger_of(ClientId client, const Draw& random, SimTime issued) {
  // Whoever flushes the write-behind queue waits for as long as it takes.
  if (!scenario_.clients.timeout || world_.clients[client].task == Task::flush) return client;
  const Effect& command = world_.clients[client].pending;
  const auto index =
      index_of(command.kind, flights_[client].repeats[static_cast<int>(command.kind)]);
  const Draw fate = draw(seed_, flights_[client].operation, Purpose::loss, index);
  const bool to_cache = party(command.kind) == Party::cache;
  const bool request_lost = to_cache && chance(scenario_.clients.lost, fate.first);
  const bool reply_lost = to_cache && chance(scenario_.clients.lost, fate.second);
  at(client, later(issued, *scenario_.clients.timeout), flights_[client].tie);
  flights_[client].messenger = lost;
  if (request_lost) return nobody;
  const ClientId messenger = take_client();
  flights_[messenger].operation = flights_[client].operation;
  flights_[messenger].tie = static_cast<std::uint32_t>(random.second >> 32);
  const auto& sender = world_.clients[client];
  auto& carrier = world_.clients[messenger];
  carrier.operation = sender.operation;
  carrier.task = Task::late;
  carrier.key = sender.key;
  carrier.process = sender.process;
  carrier.pending = sender.pending;
  world_.hand_list_over(client, messenger);
  if (reply_lost) return messenger;
  flights_[client].messenger = messenger;
  flights_[messenger].sender = client;
  return messenger;
}

// The client goes on without an answer; what it sent is on its own now.
void Clock::time_out(ClientId client) {
  const ClientId messenger = std::exchange(flights_[client].messenger, nobody);
  if (messenger != lost) {
    flights_[messenger].sender = nobody;
    // A lock or a lease that it may still take is nobody's.
    Effect& command = world_.clients[messenger].pending;
    if (command.kind == EffectKind::cache_lock || command.kind == EffectKind::cache_lease_get)
      command.token = ++started_;
  }
  observer_.timed_out({.client = client,
                       .serves = world_.clients[client].operation,
                       .kind = world_.clients[client].pending.kind,
                       .at = now_});
  rest(client);
  if (party(world_.clients[client].pending.kind) == Party::database) {
    world_.roll_back(client);  // its connection is closed
    wake();
  }
  proceed(client, {.failed = true}, now_);
}

// The reply to a command reaches whoever sent it at `replied`, if he still waits then.
void Clock::reply_to(ClientId messenger, const Reply& reply, SimTime replied) {
  if (world_.clients[messenger].task != Task::late) return proceed(messenger, reply, replied);
  const ClientId sender = flights_[messenger].sender;
  start_tasks(messenger, replied);
  observer_.task_finished(messenger);
  free_client(messenger);
  if (sender == nobody) return;
  const bool in_time = replied <= agenda_.time_of(actor_of(sender));
  flights_[sender].messenger = in_time ? nobody : lost;
  if (!in_time) return;
  rest(sender);
  proceed(sender, reply, replied);
}

}  // namespace cacherace::engine

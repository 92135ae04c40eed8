// Operations and background tasks of the clock engine.

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/fixed.hpp"
#include "sim/engine/clock/clock.hpp"

namespace cacherace::engine {
ClientId Clock::take_client() {
  if (!idle_.empty()) {
    const ClientId client = idle_.back();
    idle_.pop_back();
    return client;
  }
  const auto client = static_cast<ClientId>(flights_.size());
  flights_.emplace_back();
  world_.clients.emplace_back();
  agenda_.grow(static_cast<RunActor>(first_client_ + flights_.size()));
  return client;
}

// Of an operation or a task, and never 0; after four billion of them they come again.
std::uint32_t Clock::next_name() {
  if (++started_ == 0) ++started_;
  return started_;
}

// A copy of one that is there is cheaper than a new one.
const Clock::Flight Clock::no_flight{};

// An idle client is a new one: whoever takes it finds nothing of its predecessor.
void Clock::free_client(ClientId client) {
  flights_[client] = no_flight;
  if (strategy_.script) {
    strategy_.script->leave(world_.clients[client]);
    world_.cache.unwatch(world_.clients[client].self);
  }
  world_.clients[client].start_over();
  rest(client);
  idle_.push_back(client);
}

void Clock::at(ClientId client, SimTime moment, std::uint32_t tie) {
  agenda_.set(actor_of(client), moment, tie);
}

// ---- operations --------------------------------------------------------------------------------

namespace {

// Which of them the word says; null for a flow of reads and writes.
const scenario::FlowPart* part_of(const std::vector<scenario::FlowPart>& mix, std::uint64_t word) {
  if (mix.empty()) return nullptr;
  Share up_to;
  for (const auto& part : mix) {
    up_to.billionths += part.share.billionths;
    if (chance(up_to, word)) return &part;
  }
  return &mix.back();
}

}  // namespace

void Clock::invoke(ClientId client, std::uint64_t operation, const Draw& request,
                   const Request* recorded) {
  auto& flight = flights_[client];
  flight.operation = operation;
  flight.owner = operation;
  flight.invoked = now_;
  const auto& settings = traffic_.flows[flight.flow];
  const bool told = recorded != nullptr && recorded->kind;
  const auto* part = told ? nullptr : part_of(settings.mix, request.second);
  const bool reads = told   ? *recorded->kind == OperationKind::read
                     : part ? part->operation != "write"
                            : chance(settings.reads, request.second);
  auto& state = world_.clients[client];
  state.self = next_name();
  state.replica = static_cast<std::uint32_t>(
      multiply_high(request.first * 0xd1342543de82ef95, strategy_.layout.replicas));
  state.process = static_cast<std::uint32_t>(
      multiply_high(request.first * 0x9e3779b97f4a7c15, strategy_.layout.processes));
  state.bypasses =
      bypass_.billionths > 0 && chance(bypass_, draw(seed_, operation, Purpose::bypass, 0).first);
  const Key key =
      recorded != nullptr ? recorded->row : draw_key(settings, reads, operation, request.first);
  if (admits_.billionths < Decimal::one &&
      !chance(admits_, draw(seed_, operation, Purpose::admission, 0).first)) {
    state.operation = reads ? OperationKind::read : OperationKind::write;
    state.key = key;
    return finish(client, now_, true);
  }
  world_.prefetch(key);
  observer_.prefetch(key);
  tell_time(now_);
  if (part != nullptr && !part->is_plain())
    strategy_.begin(state, part->operation, key);
  else
    strategy_.begin(state, reads ? OperationKind::read : OperationKind::write, key);
  go_on(client, now_);
}

// Reads are spread over a row and what is derived of it; writes are of rows that exist.
Key Clock::draw_key(const scenario::Flow& flow, bool reads, std::uint64_t operation,
                    std::uint64_t word) {
  const auto& layout = strategy_.layout;
  if (!reads || flow.keys == scenario::FlowKeys::popular) {
    const Key row = keys_.sample(word);
    if (!reads || layout.derived == 0) return row;
    const auto pick = draw(seed_, operation, Purpose::request, 1).first;
    return row + layout.rows * static_cast<Key>(multiply_high(pick, layout.derived + 1));
  }
  const Key first = layout.keys();
  if (flow.keys == scenario::FlowKeys::random)
    return first + static_cast<Key>(multiply_high(word, ~Key{0} - first));
  return absent_keys_[multiply_high(word, absent_keys_.size())];
}

// ---- background tasks --------------------------------------------------------------------------

// The tasks that a client has asked for begin when it gets its reply.
void Clock::start_tasks(ClientId client, SimTime at) {
  auto& asking = world_.clients[client];
  if (asking.started[0].task == Task::none && !asking.spawned) return;
  const auto started = std::exchange(asking.started, {});
  const auto spawned = std::exchange(asking.spawned, {});
  std::vector<world::Start> starts(started.begin(), started.end());
  if (spawned) starts.insert(starts.end(), spawned->begin(), spawned->end());
  for (const auto& start : starts)
    for (std::uint32_t i = 0; start.task != Task::none && i < start.count; ++i) {
      const ClientId task = take_client();
      auto& state = world_.clients[task];
      const auto& starter = world_.clients[client];
      state.self = next_name();
      state.replica = starter.replica;
      const std::uint32_t processes = strategy_.layout.processes;
      state.process = start.task == Task::tell      ? (starter.process + 1 + i) % processes
                      : start.task == Task::message ? i
                                                    : starter.process;
      tell_time(at);
      strategy_.begin(state, starter, start);
      const std::uint64_t owner = flights_[client].owner;
      flights_[task].operation =
          task_name(seed_, flights_[client].operation, flights_[client].tasks++);
      flights_[task].durable = start.durable;
      flights_[task].started = !start.durable;  // its owner's process may die before it begins
      start_task(task, owner, at);
    }
}

void Clock::start_task(ClientId task, std::uint64_t owner, SimTime from) {
  auto& flight = flights_[task];
  flight.owner = owner;
  flight.invoked = from;
  const Draw random = draw(seed_, flight.operation, Purpose::task, ~std::uint32_t{0});
  const auto delay = strategy_.delay_of(world_.clients[task].task);
  Duration wait = sample(delay, random.first, [&] {
    return draw(seed_, flight.operation, Purpose::task_tail, 0).first;
  });
  auto tie = static_cast<std::uint32_t>(random.second);
  if (answers_ != nullptr) {
    const auto told = answers_->delays.find(flight.operation);
    if (told != answers_->delays.end()) wait = told->second;
    tie = 0;
  }
  flight.phase = Phase::starting;
  at(task, later(from, wait), tie);
}

// An invalidation that never reaches its process: nobody notices. They come by the cache server.
bool Clock::message_lost(ClientId client) const {
  const Task task = world_.clients[client].task;
  if (task != Task::tell && task != Task::message) return false;
  return !cache_reached() ||
         chance(scenario_.clients.lost,
                draw(seed_, flights_[client].operation, Purpose::loss, 0).first);
}

// ---- what happens to a client ------------------------------------------------------------------

void Clock::act(ClientId client) {
  auto& flight = flights_[client];
  if (flight.messenger != nobody) return time_out(client);
  switch (flight.phase) {
    case Phase::thinking:
      return invoke(client, flight.operation, draw(seed_, flight.operation, Purpose::request, 0),
                    nullptr);
    case Phase::starting:
      if (world_.clients[client].task == Task::propagate)
        work_ += flights_.size() / entries_per_work;
      if (message_lost(client)) return finish(client, now_, true);
      if (strategy_.script || world_.enabled(client)) return issue(client, now_);
      followers_.push_back(client);
      return rest(client);
    case Phase::in_process:
    case Phase::waiting:
      if (!world_.enabled(client)) {
        flight.phase = Phase::blocked;
        if (strategy_.script) memory_queue_.push_back(client);
        return rest(client);
      }
      return proceed(client, perform(client), now_);
    case Phase::at_cache:
      return arrive_at_cache(client);
    case Phase::at_database:
      return arrive_at_database(client);
    case Phase::in_service:
      return end_service(client);
    case Phase::blocked:
    case Phase::idle:
      break;
  }
  SIM_ASSERT(false);
}

// Hands a reply over that reaches the client at `replied`.
void Clock::proceed(ClientId client, const Reply& reply, SimTime replied) {
  // A task that would try for ever ends with the traffic.
  const bool is_task = world_.clients[client].operation == OperationKind::background;
  if (is_task && reply.failed && replied >= start_of_time + traffic_.duration)
    return finish(client, replied, true);
  auto& state = world_.clients[client];
  // The script has gone on within its block, and may have left it.
  if (std::exchange(flights_[client].in_block, false) && !strategy_.ends_block(state))
    return go_on(client, replied);
  const bool waited = state.waiting;
  tell_time(replied);
  strategy_.resume(state, reply);
  if (waited && !(state.waiting && state.busy()))
    flights_[client].waited = replied - flights_[client].waits_since;
  go_on(client, replied);
}

// Issues what the client does next, or ends its operation.
void Clock::go_on(ClientId client, SimTime from) {
  start_tasks(client, from);
  if (world_.clients[client].busy())
    issue(client, from);
  else
    finish(client, from, world_.clients[client].failed);
}

void Clock::finish(ClientId client, SimTime responded, bool failed) {
  auto& flight = flights_[client];
  auto& state = world_.clients[client];
  if (state.operation == OperationKind::background) {
    observer_.task_finished(client);
    const bool may_be_followed = state.task == Task::propagate;
    free_client(client);
    work_ += followers_.size();
    if (may_be_followed)
      for (const ClientId next : std::exchange(followers_, {})) at(next, now_, flights_[next].tie);
    return;
  }
  observer_.finished({.client = client,
                      .kind = state.operation,
                      .key = state.key,
                      .invoked = flight.invoked,
                      .responded = responded,
                      .waited = flight.waited,
                      .hit = state.operation == OperationKind::read && state.hit,
                      .failed = failed,
                      .scripted = strategy_.script != nullptr,
                      .read = state.says_nothing ? std::nullopt : std::optional(state.answer)});
  if (!std::holds_alternative<scenario::ClosedLoop>(traffic_.flows[flight.flow].load))
    return free_client(client);
  if (strategy_.script) world_.cache.unwatch(state.self);
  const auto [flow, next] = std::pair{flight.flow, flight.operation + 1};
  state.start_over();
  flight = no_flight;
  flight.flow = flow;
  flight.operation = next;
  think(client, responded);
}

// The client dies between two effects, and the tasks of its process with it.
void Clock::die(ClientId client, SimTime when) {
  const std::uint64_t owner = flights_[client].owner;
  work_ += flights_.size() / entries_per_work;
  world_.crash(client);
  for (ClientId task = 0; task < flights_.size(); ++task) {
    const auto& flight = flights_[task];
    if (task == client || flight.phase != Phase::starting || flight.durable ||
        flight.owner != owner)
      continue;
    observer_.task_finished(task);
    free_client(task);
  }
  wake();
  finish(client, when, true);
}

}  // namespace cacherace::engine

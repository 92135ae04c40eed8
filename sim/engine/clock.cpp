#include "sim/engine/clock.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/fixed.hpp"

namespace cacherace::engine {
namespace {

// The name of an operation in the streams: flow, then client of a closed loop, then count.
constexpr int flow_shift = 56;
constexpr int loop_client_shift = 36;

Purpose of_kind(Purpose first, EffectKind kind) {
  return static_cast<Purpose>(static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(kind));
}

}  // namespace

Clock::Clock(const scenario::Scenario& scenario, const strategy::Strategy& strategy,
             const KeySampler& keys, std::uint64_t seed, Observer& observer)
    : scenario_(scenario),
      traffic_(scenario.traffic),
      strategy_(strategy),
      seed_(seed),
      observer_(observer),
      world_(static_cast<Key>(scenario.keys.count)),
      keys_(keys),
      agenda_(static_cast<RunActor>(traffic_.flows.size())),
      arrivals_(traffic_.flows.size()),
      queue_(scenario.database.queue_max) {
  if (traffic_.prefill)
    for (Key key = 0; key < scenario.keys.count; ++key)
      world_.cache.set(key, world_.database.read(key).version, strategy_.ttl, start_of_time);
  start_flows();
}

bool Clock::run(const std::function<bool(SimTime)>& go_on) {
  std::uint64_t moments = 0;
  while (agenda_.next_time() != never) {
    now_ = agenda_.next_time();
    if (++moments % 16384 == 0 && !go_on(now_)) return false;
    const RunActor actor = agenda_.next();
    if (actor < arrivals_.size())
      arrive(actor);
    else
      act(static_cast<ClientId>(actor - arrivals_.size()));
  }
  return true;
}

// ---- traffic -----------------------------------------------------------------------------------

void Clock::start_flows() {
  for (std::uint32_t flow = 0; flow < arrivals_.size(); ++flow) {
    const auto& settings = traffic_.flows[flow];
    auto& arrival = arrivals_[flow];
    arrival.from = start_of_time + settings.from.value_or(Duration{0});
    arrival.to = start_of_time + settings.to.value_or(traffic_.duration);
    if (const auto* loop = std::get_if<scenario::ClosedLoop>(&settings.load)) {
      start_closed_loop(flow, *loop);
    } else {
      now_ = arrival.from;
      schedule_arrival(flow);
      now_ = start_of_time;
    }
  }
}

void Clock::start_closed_loop(std::uint32_t flow, const scenario::ClosedLoop& loop) {
  for (std::uint32_t i = 0; i < loop.clients; ++i) {
    const ClientId client = take_client();
    flights_[client].flow = flow;
    flights_[client].operation = std::uint64_t{flow} << flow_shift | std::uint64_t{i}
                                                                         << loop_client_shift;
    think(client, arrivals_[flow].from);
  }
}

void Clock::schedule_arrival(std::uint32_t flow) {
  auto& arrival = arrivals_[flow];
  const auto& open = std::get<scenario::OpenLoop>(traffic_.flows[flow].load);
  const std::uint64_t operation = std::uint64_t{flow} << flow_shift | arrival.count;
  const Draw random = draw(seed_, operation, Purpose::arrival, 0);
  const bool poisson = open.arrivals == scenario::Arrivals::poisson;
  const SimTime next = poisson ? later(now_, poisson_gap(open.rate, random.first))
                               : later(arrival.from, constant_gaps(open.rate, arrival.count + 1));
  if (next >= arrival.to)
    agenda_.clear(flow);
  else
    agenda_.set(flow, next, static_cast<std::uint32_t>(random.second));
}

void Clock::arrive(std::uint32_t flow) {
  const std::uint64_t operation = std::uint64_t{flow} << flow_shift | arrivals_[flow].count++;
  const ClientId client = take_client();
  flights_[client].flow = flow;
  schedule_arrival(flow);
  invoke(client, operation);
}

void Clock::invoke(ClientId client, std::uint64_t operation) {
  auto& flight = flights_[client];
  const std::uint32_t flow = flight.flow;
  flight = {};
  flight.operation = operation;
  flight.flow = flow;
  flight.invoked = now_;
  const Draw random = draw(seed_, operation, Purpose::request, 0);
  const bool reads = chance(traffic_.flows[flight.flow].reads, random.second);
  strategy_.begin(world_.clients[client], reads ? OperationKind::read : OperationKind::write,
                  keys_.sample(random.first));
  issue(client, now_);
}

void Clock::think(ClientId client, SimTime from) {
  auto& flight = flights_[client];
  const auto& loop = std::get<scenario::ClosedLoop>(traffic_.flows[flight.flow].load);
  const Draw random = draw(seed_, flight.operation, Purpose::think, 0);
  const SimTime until = later(from, sample(loop.think, random.first, [&] {
                                return draw(seed_, flight.operation, Purpose::think_tail, 0).first;
                              }));
  flight.phase = Phase::thinking;
  if (until >= arrivals_[flight.flow].to)
    agenda_.clear(static_cast<RunActor>(client + arrivals_.size()));
  else
    at(client, until, static_cast<std::uint32_t>(random.second));
}

// ---- clients -----------------------------------------------------------------------------------

ClientId Clock::take_client() {
  if (!idle_.empty()) {
    const ClientId client = idle_.back();
    idle_.pop_back();
    return client;
  }
  const auto client = static_cast<ClientId>(flights_.size());
  flights_.emplace_back();
  world_.clients.emplace_back();
  agenda_.grow(static_cast<RunActor>(arrivals_.size() + flights_.size()));
  return client;
}

void Clock::at(ClientId client, SimTime moment, std::uint32_t tie) {
  agenda_.set(static_cast<RunActor>(client + arrivals_.size()), moment, tie);
}

Duration Clock::pause(ClientId client, EffectKind kind) {
  const auto& settings = scenario_.clients.pause;
  const auto& flight = flights_[client];
  if (settings.share.billionths == 0 || !flight.started) return Duration{0};
  const auto index =
      static_cast<std::uint32_t>(kind) << 24 | flight.repeats[static_cast<int>(kind)];
  const Draw random = draw(seed_, flight.operation, Purpose::pause, index);
  if (!chance(settings.share, random.first)) return Duration{0};
  return sample(settings.length, random.second,
                [&] { return draw(seed_, flight.operation, Purpose::pause_tail, index).first; });
}

// Sends the client's pending effect on its way at `issued`.
void Clock::issue(ClientId client, SimTime issued) {
  auto& flight = flights_[client];
  const EffectKind kind = world_.clients[client].pending.kind;
  issued = later(issued, pause(client, kind));
  flight.started = true;
  const std::uint32_t repeat = flight.repeats[static_cast<int>(kind)]++;
  const Draw random = draw(seed_, flight.operation, of_kind(Purpose::effect, kind), repeat);
  const auto& latency = kind == EffectKind::db_read    ? scenario_.database.read
                        : kind == EffectKind::db_write ? scenario_.database.write
                                                       : scenario_.cache.latency;
  flight.latency = sample(latency, random.first, [&] {
    return draw(seed_, flight.operation, of_kind(Purpose::tail, kind), repeat).first;
  });
  const auto tie = static_cast<std::uint32_t>(random.second);
  flight.tie = static_cast<std::uint32_t>(random.second >> 32);
  if (is_database(kind)) {
    flight.phase = Phase::at_database;
    at(client, issued, tie);
  } else {
    flight.phase = Phase::at_cache;
    at(client, later(issued, flight.latency / 2), tie);
  }
}

void Clock::act(ClientId client) {
  const auto& flight = flights_[client];
  switch (flight.phase) {
    case Phase::thinking:
      return invoke(client, flight.operation);
    case Phase::at_cache: {
      const Duration back = flight.latency - flight.latency / 2;
      return proceed(client, perform(client), later(now_, back));
    }
    case Phase::at_database:
      return arrive_at_database(client);
    case Phase::in_service:
      return end_service(client);
    case Phase::idle:
      break;
  }
  SIM_ASSERT(false);
}

Reply Clock::perform(ClientId client) {
  const auto& flight = flights_[client];
  const auto& state = world_.clients[client];
  const Effect effect = state.pending;
  const Reply reply = world_.perform(effect, now_);
  ++effects_;
  digest_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  digest_.add(flight.operation);
  digest_.add(std::uint64_t{effect.key} << 32 | static_cast<std::uint64_t>(effect.kind) << 1 |
              static_cast<std::uint64_t>(reply.found));
  digest_.add(std::uint64_t{effect.version} << 32 | reply.version);
  digest_.add(static_cast<std::uint64_t>(effect.ttl.count()) << 1 |
              static_cast<std::uint64_t>(reply.expired));
  if (effect.kind == EffectKind::cache_get) flights_[client].hit = reply.found;
  observer_.effect({.client = client,
                    .serves = state.operation,
                    .at = now_,
                    .invoked = flight.invoked,
                    .effect = effect,
                    .reply = reply});
  return reply;
}

// Hands a reply over that reaches the client at `replied`.
void Clock::proceed(ClientId client, const Reply& reply, SimTime replied) {
  strategy_.resume(world_.clients[client], reply);
  if (world_.clients[client].busy())
    issue(client, replied);
  else
    finish(client, replied, false);
}

void Clock::finish(ClientId client, SimTime responded, bool failed) {
  auto& flight = flights_[client];
  auto& state = world_.clients[client];
  observer_.finished({.client = client,
                      .kind = state.operation,
                      .key = state.key,
                      .invoked = flight.invoked,
                      .responded = responded,
                      .hit = state.operation == OperationKind::read && flight.hit,
                      .failed = failed});
  state = {};
  if (std::holds_alternative<scenario::ClosedLoop>(traffic_.flows[flight.flow].load)) {
    ++flight.operation;
    think(client, responded);
  } else {
    flight.phase = Phase::idle;
    agenda_.clear(static_cast<RunActor>(client + arrivals_.size()));
    idle_.push_back(client);
  }
}

// ---- the database's connections ----------------------------------------------------------------

void Clock::arrive_at_database(ClientId client) {
  flights_[client].arrived = now_;
  if (in_service_ < scenario_.database.connections) return serve(client);
  if (queue_.full()) {
    observer_.query_rejected(now_);
    return finish(client, later(now_, flights_[client].latency), true);
  }
  agenda_.clear(static_cast<RunActor>(client + arrivals_.size()));
  queue_.push_back(client);
  observer_.query_queued(static_cast<std::uint32_t>(queue_.size()), now_);
}

void Clock::serve(ClientId client) {
  auto& flight = flights_[client];
  auto& state = world_.clients[client];
  ++in_service_;
  observer_.query_started({.kind = state.pending.kind,
                           .at = now_,
                           .waited = now_ - flight.arrived,
                           .in_flight = in_service_});
  if (state.pending.kind == EffectKind::db_read) state.reply = perform(client);  // the snapshot
  flight.phase = Phase::in_service;
  at(client, later(now_, flight.latency), flight.tie);
}

void Clock::end_service(ClientId client) {
  auto& state = world_.clients[client];
  if (state.pending.kind == EffectKind::db_write) state.reply = perform(client);  // the commit
  --in_service_;
  if (!queue_.empty()) {
    const ClientId next = queue_.front();
    queue_.pop_front();
    serve(next);
  }
  proceed(client, Reply(state.reply), now_);
}

}  // namespace cacherace::engine

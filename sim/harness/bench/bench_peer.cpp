#include "sim/harness/bench/bench_peer.hpp"

#include "sim/engine/arrivals/distributions.hpp"
#include "sim/engine/clock/clock.hpp"
#include "sim/engine/prefill.hpp"

namespace cacherace::harness {
namespace {

// How engine::Clock names operations in the streams.
constexpr int flow_shift = 56;
constexpr int loop_client_shift = 36;

Purpose of_kind(Purpose first, EffectKind kind) {
  return static_cast<Purpose>(static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(kind));
}

}  // namespace

BenchPeer::BenchPeer(const scenario::Scenario& scenario, const engine::KeySampler& keys,
                     Observer& observer)
    : scenario_(scenario),
      keys_(keys),
      observer_(observer),
      world_(engine::layout_in(scenario, strategy::compose(scenario::Strategy{}))) {
  world_.cache.count_memory(scenario.cache, scenario.keys.value,
                            Words(scenario.seed, 0, Purpose::eviction));
  const auto strategy = strategy::compose(scenario::Strategy{});
  for (Key key = 0; scenario.traffic.prefill && key < world_.layout.keys(); ++key)
    world_.perform(engine::prefill_effect(strategy, world_, key, now_), world::no_client, now_);
  for (std::uint32_t flow = 0; flow < scenario.traffic.flows.size(); ++flow) start_flow(flow);
}

void BenchPeer::run() {
  while (!events_.empty()) {
    // The function is moved out before its entry goes: the order does not depend on it.
    const auto act = std::move(const_cast<Event&>(events_.top()).act);
    now_ = events_.top().at;
    events_.pop();
    act();
  }
}

void BenchPeer::at(SimTime moment, std::uint64_t tie, std::function<void()> act) {
  events_.push({moment, static_cast<std::uint32_t>(tie), std::move(act)});
}

// ---- operations --------------------------------------------------------------------------------

void BenchPeer::start_flow(std::uint32_t flow) {
  const auto* loop = std::get_if<scenario::ClosedLoop>(&scenario_.traffic.flows[flow].load);
  if (loop == nullptr) return schedule_arrival(flow, 0);
  for (std::uint32_t i = 0; i < loop->clients; ++i) {
    const ClientId client = take_client();
    requests_[client].flow = flow;
    requests_[client].operation = std::uint64_t{flow} << flow_shift | std::uint64_t{i}
                                                                          << loop_client_shift;
    think(client, now_);
  }
}

void BenchPeer::schedule_arrival(std::uint32_t flow, std::uint64_t count) {
  const auto& open = std::get<scenario::OpenLoop>(scenario_.traffic.flows[flow].load);
  const std::uint64_t operation = std::uint64_t{flow} << flow_shift | count;
  const Draw random = draw(scenario_.seed, operation, Purpose::arrival, 0);
  const SimTime next = later(now_, engine::poisson_gap(open.rate, random.first));
  if (next >= start_of_time + scenario_.traffic.duration) return;
  at(next, random.second, [this, operation] { arrive(operation); });
}

void BenchPeer::arrive(std::uint64_t operation) {
  const ClientId client = take_client();
  Request& request = requests_[client];
  request.flow = static_cast<std::uint32_t>(operation >> flow_shift);
  request.operation = operation;
  schedule_arrival(request.flow, (operation & ((std::uint64_t{1} << flow_shift) - 1)) + 1);
  invoke(client);
}

ClientId BenchPeer::take_client() {
  if (idle_.empty()) {
    idle_.push_back(static_cast<ClientId>(requests_.size()));
    requests_.emplace_back();
  }
  const ClientId client = idle_.back();
  idle_.pop_back();
  return client;
}

void BenchPeer::think(ClientId client, SimTime from) {
  const Request& request = requests_[client];
  const auto& loop = std::get<scenario::ClosedLoop>(scenario_.traffic.flows[request.flow].load);
  const Draw random = draw(scenario_.seed, request.operation, Purpose::think, 0);
  const Duration time = engine::sample(loop.think, random.first, [&] {
    return draw(scenario_.seed, request.operation, Purpose::think_tail, 0).first;
  });
  const SimTime until = later(from, time);
  if (until < start_of_time + scenario_.traffic.duration)
    at(until, random.second, [this, client] { invoke(client); });
}

void BenchPeer::invoke(ClientId client) {
  Request& request = requests_[client];
  const Draw random = draw(scenario_.seed, request.operation, Purpose::request, 0);
  const bool reads = engine::chance(scenario_.traffic.flows[request.flow].reads, random.second);
  request.kind = reads ? OperationKind::read : OperationKind::write;
  request.invoked = now_;
  const Key key = keys_.sample(random.first);
  send(client, {.kind = reads ? EffectKind::cache_get : EffectKind::db_write, .key = key}, now_);
}

void BenchPeer::finish(ClientId client, SimTime responded, bool hit) {
  Request& request = requests_[client];
  observer_.finished({.client = client,
                      .kind = request.kind,
                      .key = request.effect.key,
                      .invoked = request.invoked,
                      .responded = responded,
                      .hit = hit});
  const auto& load = scenario_.traffic.flows[request.flow].load;
  if (!std::holds_alternative<scenario::ClosedLoop>(load)) return idle_.push_back(client);
  ++request.operation;
  think(client, responded);
}

// ---- effects -----------------------------------------------------------------------------------

void BenchPeer::send(ClientId client, const Effect& effect, SimTime issued) {
  Request& request = requests_[client];
  request.effect = effect;
  const EffectKind kind = effect.kind;
  const Draw random = draw(scenario_.seed, request.operation, of_kind(Purpose::effect, kind), 0);
  const bool database = party(kind) == Party::database;
  const auto& latency = kind == EffectKind::db_read ? scenario_.database.read
                        : database                  ? scenario_.database.write
                                                    : scenario_.cache.latency;
  request.latency = engine::sample(latency, random.first, [&] {
    return draw(scenario_.seed, request.operation, of_kind(Purpose::tail, kind), 0).first;
  });
  request.tie = static_cast<std::uint32_t>(random.second >> 32);
  if (database) return at(issued, random.second, [this, client] { arrive_at_database(client); });
  at(later(issued, request.latency / 2), random.second, [this, client] {
    perform(client);
    const Duration total = requests_[client].latency;
    proceed(client, later(now_, total - total / 2));
  });
}

void BenchPeer::arrive_at_database(ClientId client) {
  requests_[client].arrived = now_;
  if (in_service_ < scenario_.database.connections) return serve(client);
  queue_.push_back(client);
  observer_.query_queued(static_cast<std::uint32_t>(queue_.size()), now_);
}

void BenchPeer::serve(ClientId client) {
  Request& request = requests_[client];
  observer_.query_started({.kind = request.effect.kind,
                           .at = now_,
                           .waited = now_ - request.arrived,
                           .in_flight = ++in_service_});
  if (request.effect.kind == EffectKind::db_read) perform(client);
  at(later(now_, request.latency), request.tie, [this, client] { end_service(client); });
}

void BenchPeer::end_service(ClientId client) {
  if (requests_[client].effect.kind != EffectKind::db_read) perform(client);
  --in_service_;
  if (!queue_.empty()) {
    const ClientId next = queue_.front();
    queue_.pop_front();
    serve(next);
  }
  proceed(client, now_);
}

void BenchPeer::perform(ClientId client) {
  Request& request = requests_[client];
  const Effect& effect = request.effect;
  const Reply reply = request.reply = world_.perform(effect, world::no_client, now_);
  ++effects_;
  digest_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  digest_.add(request.operation);
  digest_.add(std::uint64_t{effect.key} << 32 | static_cast<std::uint64_t>(effect.kind) << 2 |
              static_cast<std::uint64_t>(reply.soft) << 1 |
              static_cast<std::uint64_t>(reply.found));
  digest_.add(std::uint64_t{effect.version} << 32 | reply.version);
  digest_.add(static_cast<std::uint64_t>(effect.ttl.count()) << 1 |
              static_cast<std::uint64_t>(reply.expired));
  observer_.effect({.client = client,
                    .serves = request.kind,
                    .at = now_,
                    .invoked = request.invoked,
                    .effect = effect,
                    .reply = reply});
}

// Cache-aside: the cache, else the database and a fill; writes commit, then delete.
void BenchPeer::proceed(ClientId client, SimTime replied) {
  const Effect effect = requests_[client].effect;
  const Reply reply = requests_[client].reply;
  switch (effect.kind) {
    case EffectKind::cache_get:
      if (reply.found) return finish(client, replied, true);
      return send(client, {.kind = EffectKind::db_read, .key = effect.key}, replied);
    case EffectKind::db_read:
      return send(client,
                  {.kind = EffectKind::cache_set, .key = effect.key, .version = reply.version},
                  replied);
    case EffectKind::db_write:
      return send(client,
                  {.kind = EffectKind::cache_del, .key = effect.key, .version = reply.version},
                  replied);
    default:
      return finish(client, replied, false);
  }
}

}  // namespace cacherace::harness

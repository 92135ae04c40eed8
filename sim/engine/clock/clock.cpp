#include "sim/engine/clock/clock.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "sim/core/assert.hpp"
#include "sim/core/checked_time.hpp"
#include "sim/core/fetch_ahead.hpp"
#include "sim/engine/prefill.hpp"

namespace cacherace::engine {
namespace {

// Clients of a closed loop have names of their own: flow, then client, then count.
constexpr int loop_client_shift = 36;

constexpr std::string_view prefix = "row:";

// Rows are called by their numbers.
strategy::RowNames numbered_rows() {
  return {.rows = {},
          .key_of = [](std::string_view name) -> std::optional<Key> {
            if (!name.starts_with(prefix)) return std::nullopt;
            const char* end = name.data() + name.size();
            Key key = 0;
            const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, key);
            const bool whole = error == std::errc{} && stop == end;
            return whole ? std::optional(key) : std::nullopt;
          },
          .name_of = [](Key key) { return std::string(prefix) + std::to_string(key); }};
}

strategy::Strategy in_scenario(strategy::Strategy strategy, const scenario::Scenario& scenario) {
  strategy.layout = layout_in(scenario, strategy);
  if (strategy.make_script)
    strategy.script = strategy.make_script(
        numbered_rows(),
        {.live = true, .replicas = strategy.layout.replicas, .rows = strategy.layout.rows});
  return strategy;
}

// How operations follow one another, unless a trace says when each arrives.
const scenario::OpenLoop* pace_of(
    const std::variant<scenario::OpenLoop, scenario::ClosedLoop, scenario::Trace>& load) {
  const auto* trace = std::get_if<scenario::Trace>(&load);
  if (trace == nullptr) return std::get_if<scenario::OpenLoop>(&load);
  return trace->format == scenario::Trace::Format::plain ? &trace->pace : nullptr;
}

}  // namespace

world::Layout layout_in(const scenario::Scenario& scenario, const strategy::Strategy& strategy) {
  world::Layout layout = strategy.layout;
  layout.rows = static_cast<Key>(scenario.keys.count);
  layout.derived = scenario.keys.derived.per_key;
  layout.known = scenario.keys.derived.known;
  layout.groups = std::max(1U, scenario.keys.groups);
  layout.replicas = scenario.database.replicas.count;
  return layout;
}

Clock::Clock(const scenario::Scenario& scenario, const strategy::Strategy& strategy,
             const KeySampler& keys, std::uint64_t seed, Observer& observer,
             const std::vector<RequestSource*>& traces, const Answers* answers,
             StopPoint stop_point)
    : scenario_(scenario),
      traffic_(scenario.traffic),
      strategy_(in_scenario(strategy, scenario)),
      seed_(seed),
      observer_(observer),
      keys_(keys),
      answers_(answers),
      stop_point_(std::move(stop_point)),
      server_(static_cast<RunActor>(traffic_.flows.size())),
      cycle_(server_ + 1),
      window_(server_ + 2),
      incident_(server_ + 3),
      first_replica_(incident_ + 1),
      first_client_(first_replica_ + scenario.database.replicas.count),
      agenda_(first_client_),
      arrivals_(traffic_.flows.size()),
      queue_(scenario.database.queue_max),
      lags_(scenario.database.replicas.count),
      connections_(scenario.database.connections),
      world_(strategy_.layout) {
  if (scenario.database.overload == scenario::Overload::slow)
    sharing_.emplace(scenario.database.connections);
  for (const auto& incident : traffic_.incidents) {
    incidents_.push_back({incident.at, incident.deed});
    if (const auto end = scenario::end_of(incident.deed); incident.lasts && end)
      incidents_.push_back({plus(incident.at, *incident.lasts), *end});
  }
  // At the same moment, in the file's order.
  std::ranges::stable_sort(incidents_, {}, &Turn::at);
  open_world();
  start_flows(traces);
  next_incident();
  agenda_.set(window_, start_of_time + traffic_.warmup, 0);
  next_expiry();
}

// How many rows do not exist: the share of them, at least one if there is a share.
std::uint64_t absent_rows(const scenario::KeySettings& keys) {
  const auto share = static_cast<std::uint64_t>(keys.absent.billionths);
  if (share == 0) return 0;
  const Uint128 exact = Uint128{keys.count} * share;
  const auto nearest = static_cast<std::uint64_t>((exact + Decimal::one / 2) / Decimal::one);
  return std::max<std::uint64_t>(1, nearest);
}

// Rows that do not exist are drawn from all rows, each as likely as any other; the rest is known to
// the filter.
void Clock::open_world() {
  const auto& layout = strategy_.layout;
  world_.cache.count_memory(scenario_.cache, scenario_.keys.value,
                            Words(seed_, 0, Purpose::eviction));
  std::uint64_t absent = absent_rows(scenario_.keys);  // among those that are left
  for (Key row = 0; row < layout.rows; ++row) {
    stop_point_(1 + layout.derived);
    if (multiply_high(draw(seed_, row, Purpose::absent, 0).first, layout.rows - row) < absent) {
      world_.database.start_absent(row);
      absent_keys_.push_back(row);
      --absent;
    } else if (world_.filter) {
      for (Key key = row; key < layout.keys(); key += layout.rows) world_.filter->add(key);
    }
  }
  if (!traffic_.prefill) return;
  for (Key key = 0; key < layout.keys(); ++key) {
    stop_point_();
    if (world_.row(key) == 0) continue;
    if (strategy_.script) {
      if (layout.has_row(key) && layout.row_of(key) == key)
        read_alone(strategy_, world_, key, [](const Effect&, const Reply&) {});
      continue;
    }
    Effect stored = prefill_effect(strategy_, world_, key, start_of_time);
    stored.ttl = draw_ttl(stored, key, ~std::uint32_t{0});
    world_.perform(stored, world::no_client, start_of_time);
  }
}

Duration Clock::draw_ttl(const Effect& effect, std::uint64_t operation, std::uint32_t index) const {
  if (effect.ttl_spread == Duration{0}) return effect.ttl;
  return uniform({effect.ttl - effect.ttl_spread, effect.ttl + effect.ttl_spread},
                 draw(seed_, operation, Purpose::ttl, index).first);
}

bool Clock::run(const std::function<bool(SimTime)>& go_on) {
  while (agenda_.next_time() != never) {
    now_ = agenda_.next_time();
    if (now_ > end_of_time) run_out_of_time();
    if (++work_ >= work_between_asking) {
      work_ = 0;
      if (!go_on(now_)) return false;
    }
    const RunActor actor = agenda_.next();
    look_ahead();
    if (actor >= first_client_)
      act(actor - first_client_);
    else if (actor < server_)
      arrive(actor);
    else if (actor == server_)
      serve_next_command();
    else if (actor == cycle_)
      expire_actively();
    else if (actor == window_)
      measure();
    else if (actor == incident_)
      happen(incidents_[incidents_done_].deed);
    else
      apply(actor - first_replica_);
  }
  return true;
}

// Says what is so late: everything else would come before.
void Clock::run_out_of_time() const {
  const RunActor actor = agenda_.next();
  if (actor >= first_replica_ && actor < first_client_)
    throw OutOfTime{"/database/replicas/lag", "a replica lags"};
  if (actor < first_client_) throw OutOfTime{"/cache", "the cache server is busy"};
  const ClientId client = actor - first_client_;
  switch (flights_[client].phase) {
    case Phase::thinking:
      throw OutOfTime{"/traffic/flows", "a client thinks"};
    case Phase::starting:
      throw OutOfTime{"/strategies/" + strategy_.name, "a task in the background waits"};
    case Phase::waiting:
      throw OutOfTime{"/strategies/" + strategy_.name, "a client waits"};
    case Phase::at_cache:
      throw OutOfTime{"/cache", "a command is in flight to the cache server"};
    case Phase::at_database:
    case Phase::in_service:
      throw OutOfTime{"/database", "a query is in flight"};
    case Phase::idle:
    case Phase::in_process:
    case Phase::blocked:
      break;
  }
  throw OutOfTime{"/clients", "a client pauses"};
}

// Among many clients, the next one has not been seen for long.
void Clock::look_ahead() const {
  const RunActor soon = agenda_.soon() - first_client_;
  if (soon >= flights_.size()) return;
  fetch_ahead(&flights_[soon]);
  fetch_ahead(&world_.clients[soon]);
}

void Clock::start_flows(const std::vector<RequestSource*>& traces) {
  for (std::uint32_t flow = 0; flow < arrivals_.size(); ++flow) {
    const auto& settings = traffic_.flows[flow];
    auto& arrival = arrivals_[flow];
    arrival.from = start_of_time + settings.from.value_or(Duration{0});
    arrival.to = start_of_time + settings.to.value_or(traffic_.duration);
    if (const auto* loop = std::get_if<scenario::ClosedLoop>(&settings.load)) {
      start_closed_loop(flow, *loop);
      continue;
    }
    if (const auto* pace = pace_of(settings.load))
      arrival.times.emplace(*pace, arrival.from, arrival.to, seed_, operation_name(flow, 0));
    if (std::holds_alternative<scenario::Trace>(settings.load)) {
      SIM_ASSERT(flow < traces.size() && traces[flow] != nullptr);
      arrival.trace = traces[flow];
    }
    schedule_arrival(flow);
  }
}

void Clock::start_closed_loop(std::uint32_t flow, const scenario::ClosedLoop& loop) {
  for (std::uint32_t i = 0; i < loop.clients; ++i) {
    const ClientId client = take_client();
    flights_[client].flow = flow;
    flights_[client].operation = operation_name(flow, std::uint64_t{i} << loop_client_shift);
    think(client, arrivals_[flow].from);
  }
}

void Clock::schedule_arrival(std::uint32_t flow) {
  auto& arrival = arrivals_[flow];
  const std::uint64_t operation = operation_name(flow, arrival.count);
  const Draw random = draw(seed_, operation, Purpose::arrival, 0);
  arrival.request = draw(seed_, operation, Purpose::request, 0);
  keys_.prefetch(arrival.request.first);
  if (arrival.trace != nullptr) {
    const auto recorded = arrival.trace->next();
    if (!recorded) return agenda_.clear(flow);
    arrival.recorded = *recorded;
  }
  arrival.tie = answers_ != nullptr ? 0 : static_cast<std::uint32_t>(random.second);
  if (arrival.times) return await(flow, arrival.times->next(random));
  const auto& trace = std::get<scenario::Trace>(traffic_.flows[flow].load);
  await(flow, {replayed(trace, arrival.from, arrival.recorded, random.first)});
}

// Where the look for the next operation has ended early, it goes on at the moment up to which there
// is none: so it can be interrupted.
void Clock::await(std::uint32_t flow, const Arrival& next) {
  auto& arrival = arrivals_[flow];
  arrival.looks = !next.found;
  if (next.at >= arrival.to)
    agenda_.clear(flow);
  else
    agenda_.set(flow, next.at, arrival.looks ? 0 : arrival.tie);
}

void Clock::arrive(std::uint32_t flow) {
  if (arrivals_[flow].looks) {
    work_ += work_of_look;
    return await(flow, arrivals_[flow].times->look_on());
  }
  const std::uint64_t operation = operation_name(flow, arrivals_[flow].count++);
  const ClientId client = take_client();
  flights_[client].flow = flow;
  const Draw request = arrivals_[flow].request;
  const Request recorded = arrivals_[flow].recorded;
  schedule_arrival(flow);
  invoke(client, operation, request, arrivals_[flow].trace != nullptr ? &recorded : nullptr);
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
    rest(client);
  else
    at(client, until, static_cast<std::uint32_t>(random.second));
}

}  // namespace cacherace::engine

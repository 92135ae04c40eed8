#pragma once
// The discrete-event clock engine: traffic in virtual time.

#include <boost/circular_buffer.hpp>
#include <functional>
#include <vector>

#include "sim/core/digest.hpp"
#include "sim/core/observer.hpp"
#include "sim/engine/agenda.hpp"
#include "sim/engine/popularity.hpp"
#include "sim/engine/sample.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/strategy/strategy.hpp"
#include "sim/world/world.hpp"

namespace cacherace::engine {

/// One run of a scenario's traffic under one strategy and one seed. Draws latencies, arrivals and
/// keys from streams that are keyed by (seed, operation, purpose), so that every strategy meets the
/// same requests with the same latencies.
///
/// When things take effect: a cache command in the middle of its latency; a database read when a
/// connection starts to serve it; a database write when its service ends. A rejected query never
/// does, and its client learns of it after the latency that the query would have had. Simultaneous
/// moments fall in an order that the seed draws.
/// O(log clients) per effect; memory depends on keys and concurrency, not on simulated time.
class Clock {
 public:
  /// `keys` samples the scenario's keys by their popularity. All references must outlive the clock.
  Clock(const scenario::Scenario& scenario, const strategy::Strategy& strategy,
        const KeySampler& keys, std::uint64_t seed, Observer& observer);

  /// Simulates until the traffic's duration is over and every operation that was invoked has
  /// responded. `go_on(now)` is asked every few thousand moments; when it says no, the run ends
  /// early and false is returned.
  bool run(const std::function<bool(SimTime)>& go_on);

  const world::World& world() const { return world_; }
  SimTime now() const { return now_; }
  std::uint64_t effects() const { return effects_; }
  /// Of the order of all effects: moment, operation, effect and reply.
  std::uint64_t digest() const { return digest_.value(); }

 private:
  enum class Phase : std::uint8_t { idle, thinking, at_cache, at_database, in_service };

  // An operation under way, beside the client's own state in the world.
  struct Flight {
    std::uint64_t operation = 0;  // names its draws; never used twice in a run
    std::uint32_t flow = 0;
    Phase phase = Phase::idle;
    bool hit = false;
    bool started = false;                      // it has issued an effect
    std::uint32_t repeats[effect_kinds] = {};  // effects of each kind that it has issued
    SimTime invoked;
    SimTime arrived;        // at the database
    Duration latency{};     // of the pending effect
    std::uint32_t tie = 0;  // for the second moment of a pending effect
  };

  struct Arrival {
    std::uint64_t count = 0;  // operations that the flow has started
    SimTime from, to;         // its window
  };

  void start_flows();
  void start_closed_loop(std::uint32_t flow, const scenario::ClosedLoop& loop);
  void schedule_arrival(std::uint32_t flow);
  void arrive(std::uint32_t flow);
  void invoke(ClientId client, std::uint64_t operation);
  void think(ClientId client, SimTime from);
  void issue(ClientId client, SimTime at);
  void act(ClientId client);
  void arrive_at_database(ClientId client);
  void serve(ClientId client);
  void end_service(ClientId client);
  Reply perform(ClientId client);
  void proceed(ClientId client, const Reply& reply, SimTime at);
  void finish(ClientId client, SimTime at, bool failed);

  Duration pause(ClientId client, EffectKind kind);
  void at(ClientId client, SimTime moment, std::uint32_t tie);
  ClientId take_client();

  const scenario::Scenario& scenario_;
  const scenario::Traffic& traffic_;
  const strategy::Strategy& strategy_;
  std::uint64_t seed_;
  Observer& observer_;

  world::World world_;
  const KeySampler& keys_;
  Agenda agenda_;
  std::vector<Arrival> arrivals_;           // by flow
  std::vector<Flight> flights_;             // by client
  std::vector<ClientId> idle_;              // clients of open flows without an operation
  boost::circular_buffer<ClientId> queue_;  // for a database connection
  std::uint32_t in_service_ = 0;

  SimTime now_;
  std::uint64_t effects_ = 0;
  Digest digest_;
};

}  // namespace cacherace::engine

#pragma once
// The engine that one would write first, to compare the clock engine with.

#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "sim/core/digest.hpp"
#include "sim/core/observer.hpp"
#include "sim/engine/arrivals/popularity.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/strategy/strategy.hpp"
#include "sim/world/world.hpp"

namespace cacherace::harness {

/// Simulates traffic under cache-aside as engine::Clock does: the same world, draws and observer,
/// and the same digest; but every moment is a std::function in a std::priority_queue. Knows Poisson
/// arrivals and closed loops that last as long as the traffic, popular keys, latencies and a
/// database with connections; looks at nothing else of a scenario. O(log n) per effect, n moments
/// being pending.
class BenchPeer {
 public:
  /// All references must outlive it.
  BenchPeer(const scenario::Scenario& scenario, const engine::KeySampler& keys, Observer& observer);

  void run();

  const world::World& world() const { return world_; }
  std::uint64_t effects() const { return effects_; }
  std::uint64_t digest() const { return digest_.value(); }

 private:
  struct Event {
    SimTime at;
    std::uint32_t tie;
    std::function<void()> act;
    bool operator>(const Event& other) const {
      return at > other.at || (at == other.at && tie > other.tie);
    }
  };
  struct Request {
    std::uint64_t operation = 0;
    std::uint32_t flow = 0;
    OperationKind kind = OperationKind::read;
    SimTime invoked, arrived;
    Duration latency{};
    std::uint32_t tie = 0;  // of the end of its service
    Effect effect;
    Reply reply;
  };

  void at(SimTime moment, std::uint64_t tie, std::function<void()> act);
  void start_flow(std::uint32_t flow);
  void schedule_arrival(std::uint32_t flow, std::uint64_t count);
  void arrive(std::uint64_t operation);
  ClientId take_client();
  void think(ClientId client, SimTime from);
  void invoke(ClientId client);
  void send(ClientId client, const Effect& effect, SimTime issued);
  void arrive_at_database(ClientId client);
  void serve(ClientId client);
  void end_service(ClientId client);
  void perform(ClientId client);
  void proceed(ClientId client, SimTime replied);
  void finish(ClientId client, SimTime responded, bool hit);

  const scenario::Scenario& scenario_;
  const engine::KeySampler& keys_;
  Observer& observer_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::vector<Request> requests_;  // by client
  std::vector<ClientId> idle_;
  std::deque<ClientId> queue_;  // for a database connection
  std::uint32_t in_service_ = 0;
  world::World world_;
  SimTime now_ = start_of_time;
  std::uint64_t effects_ = 0;
  Digest digest_;
};

}  // namespace cacherace::harness

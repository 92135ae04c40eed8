#pragma once
// The discrete-event clock engine: traffic in virtual time.

#include <boost/circular_buffer.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/digest.hpp"
#include "sim/core/observer.hpp"
#include "sim/core/stop_point.hpp"
#include "sim/engine/arrivals/arrivals.hpp"
#include "sim/engine/arrivals/distributions.hpp"
#include "sim/engine/arrivals/popularity.hpp"
#include "sim/engine/arrivals/request_source.hpp"
#include "sim/engine/clock/agenda.hpp"
#include "sim/engine/clock/answers.hpp"
#include "sim/engine/clock/processor_sharing.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/strategy/strategy.hpp"
#include "sim/world/world.hpp"

namespace cacherace::engine {

/// Something in a run takes so long that the clock cannot tell.
struct OutOfTime {
  std::string pointer;  // to the settings that say how long it takes
  std::string says;     // what takes so long
};

/// What there is in the world of a scenario's traffic.
world::Layout layout_in(const scenario::Scenario& scenario, const strategy::Strategy& strategy);

/// One run of a scenario's traffic under one strategy and one seed. Draws latencies, arrivals and
/// keys from streams that are keyed by (seed, operation, purpose), so that every strategy meets the
/// same requests with the same latencies.
///
/// When things take effect: a cache command in the middle of its latency, or later when the server
/// is busy with another; a database read when a connection starts to serve it; a database write
/// when its service ends. A rejected query never does, and its client learns of it after the
/// latency that the query would have had. A client that has waited for its timeout goes on without
/// an answer, and what it sent may still take effect. Simultaneous moments fall in an order that
/// the seed draws. O(log clients) per effect; memory depends on keys and concurrency, not on
/// simulated time.
class Clock {
 public:
  /// `keys` samples the scenario's keys by their popularity. `traces` has what each flow replays,
  /// by flow and null where it replays nothing; it may be left out when no flow does. `answers`
  /// takes the place of draws where it has an answer; null: everything is drawn. `stop_point` can
  /// end what takes long outside of `run`: filling the cache. All references must outlive the
  /// clock.
  Clock(const scenario::Scenario& scenario, const strategy::Strategy& strategy,
        const KeySampler& keys, std::uint64_t seed, Observer& observer,
        const std::vector<RequestSource*>& traces = {}, const Answers* answers = nullptr,
        StopPoint stop_point = {});

  /// Simulates until the traffic's duration is over and everything that was started is done.
  /// `go_on(now)` is asked every few milliseconds of work; when it says no, the run ends early and
  /// false is returned. Throws OutOfTime when something would happen after `end_of_time`.
  bool run(const std::function<bool(SimTime)>& go_on);

  const world::World& world() const { return world_; }
  /// What runs the strategy's script; null where it is none.
  strategy::Scripted* script() const { return strategy_.script.get(); }
  SimTime now() const { return now_; }
  std::uint64_t effects() const { return effects_; }
  /// From the end of the warm-up to the end of the traffic's duration; complete once `run` has
  /// returned true.
  const ServerStats& server_stats() const { return server_stats_; }
  /// Of the order of all effects: moment, operation, effect and reply.
  std::uint64_t digest() const { return digest_.value(); }

 private:
  static constexpr ClientId nobody = ~ClientId{0};
  static constexpr ClientId lost = nobody - 1;  // no answer will come

  enum class Phase : std::uint8_t {
    idle,
    thinking,
    starting,    // a task, before its first effect
    in_process,  // an effect on the process itself
    waiting,     // for its own timer
    blocked,     // by somebody else
    at_cache,
    at_database,
    in_service,
  };

  // An operation or a task under way, beside the client's own state in the world. With a timeout,
  // each command travels in a client of its own, the messenger.
  struct Flight {
    std::uint64_t operation = 0;  // names its draws; never used twice in a run
    std::uint64_t owner = 0;      // of a task: the operation that started it
    std::uint32_t flow = 0;
    std::uint32_t tasks = 0;  // that it has started
    Phase phase = Phase::idle;
    bool started = false;                      // it has issued an effect
    bool durable = false;                      // a task that lives on when its owner dies
    bool in_block = false;                     // what is inner to its pending block is done
    std::uint16_t repeats[effect_kinds] = {};  // effects of each kind that it has issued
    ClientId messenger = nobody;               // that carries its pending command, or `lost`
    ClientId sender = nobody;                  // of a messenger: who waits for the reply
    SimTime invoked;
    SimTime arrived;              // at the database
    SimTime waits_since = never;  // for others: since it first began to
    Duration waited{};            // until it had waited long enough
    Duration latency{};           // of the pending effect
    std::uint32_t tie = 0;        // for the second moment of a pending effect
  };
  static const Flight no_flight;

  struct FlowState {
    std::uint64_t count = 0;            // operations that the flow has started
    SimTime from, to;                   // its window
    std::optional<ArrivalTimes> times;  // of an open loop
    RequestSource* trace = nullptr;     // of a flow that replays one
    Request recorded;                   // the next request of the trace
    Draw request;                       // of the next operation
    std::uint32_t tie = 0;              // of its moment
    bool looks = false;                 // its moment is one at which to look on for it
  };

  // Work is counted in moments: what takes as long as many of them counts as many.
  static constexpr std::uint64_t work_between_asking = 16384;
  static constexpr std::uint64_t work_of_look = 512;
  static constexpr std::uint64_t entries_per_work = 4;

  // Set-up, in clock.cpp.
  void open_world();
  void look_ahead() const;
  [[noreturn]] void run_out_of_time() const;
  void start_flows(const std::vector<RequestSource*>& traces);
  void start_closed_loop(std::uint32_t flow, const scenario::ClosedLoop& loop);
  Duration draw_ttl(const Effect& effect, std::uint64_t operation, std::uint32_t index) const;

  // Operations and tasks, in clock_clients.cpp.
  void schedule_arrival(std::uint32_t flow);
  void await(std::uint32_t flow, const Arrival& next);
  void arrive(std::uint32_t flow);
  void invoke(ClientId client, std::uint64_t operation, const Draw& request,
              const Request* recorded);
  Key draw_key(const scenario::Flow& flow, bool reads, std::uint64_t operation, std::uint64_t word);
  /// For scripts.
  void tell_time(SimTime at) {
    if (strategy_.script) strategy_.script->set_now(at);
  }
  void think(ClientId client, SimTime from);
  void start_tasks(ClientId client, SimTime at);
  bool message_lost(ClientId task) const;
  void start_task(ClientId task, std::uint64_t owner, SimTime at);
  void act(ClientId client);
  void proceed(ClientId client, const Reply& reply, SimTime at);
  void go_on(ClientId client, SimTime at);
  void finish(ClientId client, SimTime at, bool failed);
  void die(ClientId client, SimTime at);
  ClientId take_client();
  std::uint32_t next_name();
  void free_client(ClientId client);
  void at(ClientId client, SimTime moment, std::uint32_t tie);
  RunActor actor_of(ClientId client) const { return first_client_ + client; }
  void rest(ClientId client) { agenda_.clear(actor_of(client)); }

  // Effects on their way, in clock_effects.cpp.
  void issue(ClientId client, SimTime at);
  void send(ClientId messenger, const Draw& random, std::uint64_t operation, std::uint32_t repeat,
            SimTime at);
  ClientId messenger_of(ClientId client, const Draw& random, SimTime at);
  void time_out(ClientId client);
  bool dies(ClientId client, EffectKind kind) const;
  Duration pause(ClientId client, EffectKind kind) const;
  const Answers::OfEffect* answer_to(StreamName name, EffectKind kind, std::uint32_t repeat) const;
  Reply perform(ClientId client);
  Reply perform_one(ClientId client, Effect effect);
  void perform_inner(ClientId client, const Effect& effect, const Reply& reply);
  bool other_outcome(ClientId client, const Effect& effect) const;
  void reply_to(ClientId messenger, const Reply& reply, SimTime at);
  void wake();
  void report_gone();

  // The cache server and the database, in clock_servers.cpp.
  void arrive_at_cache(ClientId client);
  void serve_command(ClientId client);
  void serve_next_command();
  void block_cache(Duration busy);
  void next_expiry();
  void expire_actively();
  void measure();
  void arrive_at_database(ClientId client);
  bool claim(Key row);
  bool cache_reached() const { return !cache_down_ && !cache_silent_; }
  bool holds(ClientId client, const Effect& query) const;
  void serve(ClientId client);
  void end_service(ClientId client);
  void free_connection();
  void await_end_of_service();
  bool connected(ClientId client) const;
  ClientId owner_of(ClientId client) const;
  void replicate();
  void apply(std::uint32_t replica);
  void next_incident();
  void happen(const scenario::Deed& deed);
  void begin_outage();
  void end_outage();
  void fail_at_cache(ClientId client);
  void flush_share(Share share);
  void reject_query(ClientId client);
  void set_connections(std::uint32_t connections);
  void lose_messages();
  void change_key_format();

  const scenario::Scenario& scenario_;
  const scenario::Traffic& traffic_;
  strategy::Strategy strategy_;
  std::uint64_t seed_;
  Observer& observer_;
  const KeySampler& keys_;
  const Answers* answers_;
  StopPoint stop_point_;
  std::uint64_t work_ = 0;  // since it was asked whether to go on
  std::vector<Key> absent_keys_;

  // Who can have a moment, in this order: flows, the cache server and its cycle of active expiry,
  // the window of measurement, incidents, replicas, clients.
  RunActor server_, cycle_, window_, incident_, first_replica_, first_client_;
  Agenda agenda_;
  std::vector<FlowState> arrivals_;     // by flow
  std::vector<Flight> flights_;         // by client
  std::vector<ClientId> idle_;          // clients without an operation or a task
  std::vector<ClientId> row_queue_;     // for a row that is locked or claimed
  std::vector<Key> claimed_;            // rows of transactions that are about to begin
  std::vector<ClientId> memory_queue_;  // for what others keep in the memory of their process
  std::vector<ClientId> followers_;     // commits to propagate once an earlier one has been

  std::deque<ClientId> commands_;  // that wait for the cache server
  SimTime server_free_;
  bool cycle_sleeps_ = false;  // of active expiry: there was no entry with a TTL

  boost::circular_buffer<ClientId> queue_;  // for a database connection
  std::uint32_t in_service_ = 0;
  std::optional<ProcessorSharing> sharing_;  // of a database that slows down
  ClientId ends_next_ = nobody;              // of those that it serves
  std::vector<std::deque<SimTime>> lags_;    // by replica: when it applies what it has not applied
  std::uint64_t commits_ = 0;
  std::uint32_t started_ = 0;  // operations and tasks

  struct Turn {
    Duration at{};
    scenario::Deed deed;
  };
  std::vector<Turn> incidents_;  // by time, with the ends of those that last
  std::size_t incidents_done_ = 0;
  Share bypass_;
  bool cache_down_ = false, cache_silent_ = false;
  std::vector<ClientId> wait_for_cache_;  // who has time
  Duration cache_slower_by_{};
  bool database_down_ = false;
  std::uint32_t connections_;  // that the database has at present
  Share admits_{Decimal::one};
  std::uint32_t key_formats_ = 0;
  ServerStats server_stats_;

  world::World world_;
  SimTime now_;
  std::uint64_t effects_ = 0;
  Digest digest_;
};

}  // namespace cacherace::engine

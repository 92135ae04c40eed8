#pragma once
// A race as a model that a search can explore: a few clients with scripts, and every order of their
// effects, with every mishap that the budget of faults allows.

#include <boost/container/small_vector.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/args.hpp"
#include "sim/core/history.hpp"
#include "sim/engine/race/plan.hpp"
#include "sim/strategy/strategy.hpp"
#include "sim/world/world.hpp"

namespace cacherace::engine {

/// What may happen next.
struct Choice {
  enum class Kind : std::uint8_t {
    take,    // a client's pending effect
    branch,  // the same with its other outcome
    expire,
    soften,
    expire_local,  // in a first-level cache
    apply,         // a commit, by a replica
    crash,         // faults, from here on
    lose,
    delay,
    evict,
    flush,
    cache_restart,
  };
  Kind kind = Kind::take;
  Actor actor = 0;
  std::uint32_t which = 0;  // entry that expires, softens or is evicted; replica that is asked

  bool operator==(const Choice&) const = default;
};

/// A step, or a pending one, by its names: it means the same after a change of code.
struct Label {
  std::string client;
  std::string operation;  // "read user:7"
  std::string effect;     // "cache.get user:7"
  std::string result;     // "miss"; "" while pending

  bool operator==(const Label&) const = default;
};

/// `reader-1 cache.get user:7`
std::string to_text(const Label& label);

/// Timing is unbounded: any client may be paused between any two effects for any time, so every
/// order of effects is possible, delays and waiting times say nothing, and an entry with a TTL may
/// expire before any step; but of two entries the one that was stored first expires first, if its
/// TTL is not longer. A client that waits wakes when it would find what it waits for, or gives up
/// at any time. An execution is complete when every client and every background task is done.
class Race {
 public:
  /// An entry with a TTL or a soft expiry, in the order in which they were stored.
  struct Expiring {
    world::Name name;
    bool local = false;     // in a first-level cache
    bool warm = false;      // there before the start, stored nobody knows when
    Duration min{}, max{};  // of its TTL
    bool operator==(const Expiring&) const = default;
  };
  /// Whose task a client is that is not in the plan.
  struct TaskOf {
    Actor owner = 0;
    std::uint16_t number = 0;
    bool durable = false;
    bool operator==(const TaskOf&) const = default;
  };
  struct State {
    world::World world;                    // the planned clients first, then the tasks
    std::vector<std::uint16_t> operation;  // by planned client: index of its current operation
    std::vector<TaskOf> tasks;
    std::vector<Expiring> expiring;
    scenario::Faults faults;  // that are left

    bool operator==(const State&) const = default;
  };
  using Choices = boost::container::small_vector<Choice, 8>;

  /// `any_time`: for a caller that knows time. Clients that wait look again whenever they like, and
  /// entries expire in any order.
  Race(Plan plan, strategy::Strategy strategy, bool any_time = false);

  State initial() const;
  /// In a fixed order: clients as planned, tasks, what the clock and the replicas do, faults; none
  /// once every client is done.
  Choices pending(const State& state) const;
  /// Performs one pending choice. O(entries with a TTL + clients).
  Step step(State& state, Choice choice) const;
  std::vector<FinalKey> finals(const State& state) const;
  /// Throws what says who waits for whom, where nobody can go on.
  void refuse_deadlock(const State& state) const;
  /// Whose choice it is: a client's or a task's, or that of the clock, the replicas or the faults.
  static Actor actor_of(Choice choice) {
    using Kind = Choice::Kind;
    const bool fault =
        choice.kind == Kind::crash || choice.kind == Kind::lose || choice.kind == Kind::delay;
    return fault ? fault_actor : choice.actor;
  }

  // The parts of `pending`, which requires that somebody is busy.
  /// Depends on the client, on the server and the database, and on what else `coupled` says.
  void add_client_choices(const State& state, Actor actor, Choices& choices) const;
  /// What time and replication do; depends on no client.
  void add_clock_choices(const State& state, Choices& choices) const;
  /// Of a planned client.
  void add_crash(const State& state, Actor actor, Choices& choices) const;
  /// Of the client's pending message.
  void add_losses(const State& state, Actor actor, Choices& choices) const;
  /// Evictions, flushes and restarts; depends on no client.
  void add_cache_faults(const State& state, Choices& choices) const;

  /// How long after it was stored an entry passes its soft expiry, if that is still to come, or
  /// expires: at the earliest and at the latest; `Duration::max()` for never.
  struct Due {
    Duration earliest, latest;
  };
  Due due(const world::World& world, const Expiring& entry) const;

  /// What a client does next may depend on other clients directly: on flights, on who follows the
  /// log before it, on a list that a place holds. Otherwise all go through servers alone.
  bool coupled() const {
    return strategy_.layout.flights || strategy_.follows_log ||
           (strategy_.by_group && !strategy_.layout.versions);
  }
  /// An effect that ends tasks of other clients.
  bool ends_tasks(const Effect& effect) const {
    return effect.kind == EffectKind::cache_restart && strategy_.layout.loses_messages();
  }
  /// A client may have to wait until another lets it go on.
  bool blocks() const {
    return coupled() || strategy_.layout.transactions || strategy_.script_blocks;
  }
  /// Locks and leases tell who took them.
  bool names_clients() const {
    return strategy_.layout.locks || strategy_.layout.leases || strategy_.names_clients;
  }
  std::uint32_t process_of(Actor client) const { return client % strategy_.layout.processes; }
  /// Two planned clients do the same in the same process.
  bool alike(Actor a, Actor b) const {
    return plan_.scripts[a].operations == plan_.scripts[b].operations &&
           process_of(a) == process_of(b);
  }

  Label label(const State& state, Choice choice) const;
  Label label(const Step& step) const;
  /// Of a step of a script: where it stands, and what it told.
  struct Place {
    std::string line;  // "cache.lua:7"
    std::string code;  // that line of the file
    std::vector<std::string> notes;
  };
  Place place(const Step& step) const;
  /// Where each client of a script stands that has something to do, by its name.
  std::vector<std::pair<std::string, Place>> places(const State& state) const;
  /// What the label of a step between two states leaves out: what a command is given, and what it
  /// shows besides its result.
  Args args(const State& before, const Step& step, const State& after) const;
  /// The number, from 0, of the process whose first-level cache the step touches; nothing for other
  /// steps.
  std::optional<std::uint32_t> local_cache(const State& before, const Step& step) const;
  /// Of a row that a script writes; a property has to tell them apart.
  static constexpr Version versions_max = 60;
  bool any_time() const { return any_time_; }
  const Plan& plan() const { return plan_; }
  const strategy::Strategy& strategy() const { return strategy_; }

 private:
  std::size_t planned() const { return plan_.scripts.size(); }
  /// Tells an operation, or a task of it, from everything else that anybody works on in the race.
  static std::uint32_t token_of(Actor owner, std::uint16_t operation, Task task = Task::none,
                                std::uint16_t number = 0);
  void warm_up(State& state, Key key) const;
  strategy::RowNames row_names() const;
  void begin(State& state, Actor actor) const;
  void begin_script(world::Client& client, const Planned& operation) const;
  Actor take_slot(State& state, TaskOf task) const;
  void start_tasks(State& state, Actor actor) const;
  void end_task(State& state, Actor actor) const;
  void resume(State& state, Step& step, const Reply& reply) const;
  void conclude(State& state, Step& step) const;
  void perform_inner(State& state, Step& step) const;
  void start_task(State& state, Actor owner, const world::Client& starter,
                  const world::Start& start, std::uint32_t number) const;
  Key key_of(const world::Name& name) const;
  struct Found {
    std::vector<world::Name> entries, memory;
  };
  bool look(world::World world, std::uint32_t process, const Planned& operation,
            Found& found) const;
  std::optional<Found> found_by_readers(const State& state) const;
  void note_entry(std::vector<FinalKey>& finals, const world::Name& name, const world::Cache& cache,
                  bool in_memory, bool is_found) const;
  std::vector<FinalKey> finals_of_script(const State& state) const;
  Step client_step(State& state, Choice choice) const;
  void perform(State& state, Step& step, world::ClientIndex who, bool branch) const;
  void crash(State& state, Actor actor) const;
  void lose(State& state, const Step& step, Choice choice) const;
  Step evict(State& state, Choice choice) const;
  Step empty_cache(State& state, Choice choice) const;
  void lose_messages(State& state) const;
  Step entry_step(State& state, Choice choice) const;
  std::uint8_t note_entries(State& state, const Effect& effect, const Reply& reply,
                            bool warm) const;

  bool may_crash(const State& state, Actor actor) const;
  bool may_expire(const State& state, std::size_t which) const;
  bool may_soften(const State& state, std::size_t which) const;
  bool expires(const world::World& world, const Expiring& entry) const;
  bool is_to_soften(const world::World& world, const Expiring& entry) const;

  std::string name_of(const world::Name& name) const;
  std::string actor_name(const Step& step) const;
  std::string operation_name(const Step& step) const;
  std::string effect_name(const Step& step) const;
  std::string result_name(const Step& step) const;
  std::string script_effect(const Step& step) const;
  std::string script_result(const Step& step) const;
  std::string inner_results(const Step& step) const;
  Step preview(const State& state, Choice choice) const;

  Plan plan_;
  strategy::Strategy strategy_;
  bool any_time_;
};

/// Mixes in what all clients share: the world, with such clients as are in it, what is going to
/// expire, and the faults that are left. O(slots + clients).
void add(Digest& digest, const world::World& world, const std::vector<Race::Expiring>& expiring,
         const scenario::Faults& faults);
/// Equal states have equal digests. O(slots + clients).
std::uint64_t digest_of(const Race::State& state);

}  // namespace cacherace::engine

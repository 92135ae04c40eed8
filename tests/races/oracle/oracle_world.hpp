#pragma once
// The oracle's world at one moment, as one value: servers, processes, and where
// each client stands.

#include <array>
#include <cstddef>
#include <cstdint>

#include "tests/races/oracle/oracle.hpp"
#include "tests/races/oracle/oracle_protocols.hpp"

namespace cacherace::oracle {

inline constexpr std::size_t names_max = 6;  // of one key, under bump-version
inline constexpr std::size_t processes_max = 2;
inline constexpr std::size_t actors_max = 16;
inline constexpr std::size_t log_max = 8;

/// Something that stands somewhere until it is removed, or until its time is
/// over.
struct Timed {
  bool there = false;
  int stored = 0;                // in which step; 0: before the first
  int ttl_min = 0, ttl_max = 0;  // 0: for good
};
struct Value : Timed {
  int name = 0;     // under bump-version, the counter that is part of it
  int version = 0;  // 0: that there is no row
  int soft_min = 0, soft_max = 0;
  bool softened = false;
  bool tombstone = false;  // a version without a value
  bool dirty = false;      // the database does not have it yet
};
struct Lock : Timed {
  int token = 0;
};
struct Lease : Timed {  // stands until its rate is over; good for a fill while live
  int token = 0;
  bool live = false;
};

struct ServerKey {
  std::array<Value, names_max> values{};
  Lock lock{};
  Lease lease{};
  Value deleted{};  // what stale leases may still answer with
  Timed held_off{};
  Timed mark{};
  int generation = 0;  // 0: none yet
};

struct Row {
  int version = 0;  // committed
  int given = 0;    // the last version that was given out
  int writing = 0;  // by a transaction, which locks the row; 0: none
  int at_replica = 0;
};

struct Commit {
  std::size_t key = 0;
  int version = 0;
};

/// Where a client or one of its tasks stands.
struct Actor {
  int at = done;  // the next instruction
  Task task = Task::none;
  bool in_process = true;  // dies with its client
  bool fails = false;      // its operation will end without an answer
  bool begun = false;      // it has done something
  bool late = false;       // a command whose client has gone on without it: one step,
                           // then no more
  std::size_t owner = 0;   // of a task: the client that started it
  std::size_t operation = 0;
  std::size_t key = 0;
  std::size_t process = 0;
  int version = 0;            // read or written
  bool from_primary = false;  // its next db.read
  bool reads = false;         // as a reader or refresher does
  int name = 0;               // of the entry, under bump-version
  int generation = 0;
  int token = 0;
  int flight = 0;
};

struct Flight {
  bool over = false, failed = false;
  int version = 0;
};

struct State {
  std::array<ServerKey, keys_max> server{};
  int counter = 0;  // of the one group of keys, under bump-version
  int seeds = 0;    // drawn so far
  int tokens = 0;   // given so far, of locks and leases
  std::array<Row, keys_max> rows{};
  std::array<Commit, log_max> log{};  // for replicas
  std::size_t committed = 0, applied = 0;
  std::array<Commit, log_max> queue{};  // of write-behind
  std::size_t queued = 0;
  std::array<std::array<Value, keys_max>, processes_max> locals{};
  std::array<std::array<int, keys_max>, processes_max> flying{};  // 0: none
  std::array<Flight, 8> flights{};                                // by number, from 1
  int flights_begun = 0;
  std::array<Actor, actors_max> actors{};  // clients first, then tasks
  std::size_t actors_begun = 0;
  Faults left{};
};

/// What readers of this key find in the shared cache under that name; nullptr:
/// nothing.
const Value* found(const ServerKey& key, int name);

enum class Outcome { yes, no, refused };

/// What effects do to the world.
class Effects {
 public:
  Effects(const Strategy& strategy, State& state, int step)
      : s_(strategy), state_(state), step_(step) {}

  /// Performs the actor's effect. Asked only where `possible`.
  Outcome perform(Actor& actor, Do effect);
  void apply_at_replica();
  void flush_server();
  /// The value, and what the cache holds for it only.
  void remove(std::size_t key, Value& value);
  Outcome store(Actor& actor);

 private:
  Outcome look(Actor& actor);
  Outcome ask_for_lease(Actor& actor);
  Outcome fill(Actor& actor, Do effect);
  Outcome database(Actor& actor, Do effect);
  Outcome process(Actor& actor, Do effect);
  Outcome queue(Actor& actor, Do effect);
  void remove(Actor& actor);
  void start(Timed& timed, int ttl, int jitter = 0) const;
  Value fresh(const Actor& actor) const;
  bool negative(const Actor& actor) const;
  void give_time(Timed& timed, const Actor& actor) const;
  ServerKey& server(const Actor& actor) { return state_.server[actor.key]; }

  const Strategy& s_;
  State& state_;
  int step_;
};

/// Whether the effect of an actor can be next; of a waiter, whether it would go
/// on.
bool possible(const Strategy& strategy, const State& state, const Actor& actor, Do effect);

}  // namespace cacherace::oracle

#pragma once
// A client: a stackless coroutine per slot of its strategy, and the locals that they share.

#include <array>
#include <bit>
#include <boost/asio/coroutine.hpp>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/effect.hpp"
#include "sim/scenario/slots.hpp"
#include "sim/world/boxed.hpp"
#include "sim/world/names.hpp"

namespace cacherace::world {

/// Index of a client, or of a background task, among the clients of a world.
using ClientIndex = std::uint32_t;
inline constexpr ClientIndex no_client = ~ClientIndex{0};

/// Where a slot's protocol stands. Copyable, unlike a C++20 coroutine, and comparable.
class Routine : public boost::asio::coroutine {
 public:
  int position() const { return std::bit_cast<int>(*this); }
  friend bool operator==(const Routine& a, const Routine& b) {
    return a.position() == b.position();
  }
};

/// The parts of a strategy that call each other; `none` when the client has nothing to do.
enum class Slot : std::uint8_t {
  none,
  read,
  look_up,  // in the caches
  load,
  query,  // the database
  fill,
  store,
  announce,  // what a writer must do before it commits
  write,
  invalidate,
  copies,  // of what a writer has stored
  script,  // all of a strategy that is a script
  background,
};
inline constexpr std::size_t slots = static_cast<std::size_t>(Slot::background) + 1;

/// A task that a client starts.
struct Start {
  Task task = Task::none;
  bool durable = false;     // lives on when the client crashes
  std::uint32_t count = 1;  // tasks, one for each of the other processes
  Version version = 0;      // that it is about
  std::uint32_t node = 0;   // of a script: where it starts

  bool operator==(const Start&) const = default;
};

/// The transaction that a script's client is in.
struct Transaction {
  std::vector<Key> written;       // rows that it has locked, each with a version to be committed
  std::vector<Version> snapshot;  // repeatable read: every row, as of its first statement
  bool repeatable_read = false;

  bool operator==(const Transaction&) const = default;
};

/// What a client is at work on, and where it stands.
struct Work {
  OperationKind operation = OperationKind::read;
  Task task = Task::none;
  Key key = 0;
  std::uint32_t process = 0;
  std::uint32_t replica = 0;  // that it reads from
  std::uint32_t self = 0;     // names what it is at work on, not 0: its token for locks and leases

  std::array<Start, 2> started;  // by the protocol, for the engine to take; task none: no more
  std::uint32_t tries = 0;       // of the pending effect, so far
  bool under_way = false;        // it has had a reply
  bool bypasses = false;         // it reads past the cache, whatever the strategy; set at its start

  // Where each slot stands, and which slot it goes back to.
  Slot active = Slot::none;
  std::array<Routine, slots> routines;
  std::array<Slot, slots> callers{};

  // Locals of the protocols.
  Version row = 0;           // read from the database or committed to it; 0: no row
  Version answer = 0;        // what a read returns
  bool hit = false;          // the answer comes from a cached entry
  bool failed = false;       // the database did not answer
  bool soft = false;         // what was found is to be refreshed
  bool undelivered = false;  // a delete was not answered
  bool marked = false;       // the primary is to be asked, not a replica
  bool nameless = false;     // the version of its key's group is unknown: no entry to find or store
  bool fallback = false;     // `old` may answer when the load fails
  bool waiting = false;      // for another's load, or for a lock
  Version old = 0;
  std::uint32_t token = 0;  // of a lease
  std::uint32_t generation = 0;
  std::uint32_t name_version = 0;  // of the key's group
  std::uint32_t index = 0;         // of a loop
  SimTime looked_up_at = never;    // when the cache missed

  // A flight that it leads or has joined.
  ClientIndex first_joined = no_client, next_joined = no_client;
  bool landed = false;  // the flight's result is in `reply`
  bool began = false;   // a transaction that is not committed

  // Of a script: where it stands, as a number of the program; what its last step told, likewise;
  // the tasks that it started beside `started`; and the transaction that it is in.
  std::uint32_t node = 0;
  std::uint32_t told = 0;
  bool loaded = false;        // it has asked the database
  bool over = false;          // it had no effect at all, and ends with the step that stands for it
  bool says_nothing = false;  // it is done, and what it returned says nothing of its key
  Boxed<std::vector<Start>> spawned;
  Boxed<Transaction> transaction;
  Boxed<std::vector<Name>> listed;  // the reply to KEYS or SCAN, until the script has it

  bool operator==(const Work&) const = default;
};

/// A small copyable value. The protocols in sim/strategy drive it: each `yield` issues one effect,
/// or calls another slot, and goes on when the reply is there.
struct Client : Work {
  Effect pending;  // what it issues next, while `busy()`
  Reply reply;     // to what it issued last

  /// Ready for its next operation or task: as new, but for the effect and the reply that it had
  /// last, which nobody looks at before there are others.
  void start_over() {
    static const Work nothing;
    static_cast<Work&>(*this) = nothing;
    issued_ = false;
  }

  bool busy() const { return active != Slot::none; }

  /// Issues an effect: exactly one at each yield.
  void issue(const Effect& effect) {
    pending = effect;
    issued_ = true;
  }
  void issue(EffectKind kind) { issue({.kind = kind, .key = key, .name_version = name_version}); }

  // Calls of one slot by another, and the way back.
  void look_up() { call(Slot::look_up); }
  void load() { call(Slot::load); }
  void query() { call(Slot::query); }
  void fill() { call(Slot::fill); }
  void store() { call(Slot::store); }
  void invalidate() { call(Slot::invalidate); }
  void delete_copies() { call(Slot::copies); }
  /// Ends the slot that runs: its caller goes on.
  void back() { active = callers[static_cast<std::size_t>(active)]; }
  /// Ends the slot that runs, and starts another in its place.
  void go_on_with(Slot slot) {
    active = slot;
    routine() = {};
  }
  Routine& routine() { return routines[static_cast<std::size_t>(active)]; }

  // Effects that need more than their kind.
  void lock(const scenario::Lock& lock) {
    issue({.kind = EffectKind::cache_lock,
           .key = key,
           .token = self,
           .ttl = lock.ttl.value_or(Duration::max())});
  }
  void unlock(const scenario::Lock& lock) {
    const bool checked = lock.release == scenario::Lock::Release::checked;
    issue({.kind = checked ? EffectKind::cache_unlock : EffectKind::cache_unlock_any,
           .key = key,
           .token = self});
  }
  void wait(Duration time, Duration give_up, Until until) {
    waiting = true;
    issue({.kind = EffectKind::wait,
           .until = until,
           .key = key,
           .name_version = name_version,
           .after = time,
           .give_up = give_up});
  }

  /// A set has stored, or got no answer: then it is taken for done.
  bool taken_for_stored() const { return reply.found || (reply.failed && !reply.refused); }
  /// Waits for the flight that it has joined.
  void wait_for_flight() {
    waiting = true;
    issue(EffectKind::flight_wait);
  }
  void stop_waiting() { waiting = false; }
  /// Takes what a cache has answered.
  void take_hit() {
    hit = true;
    row = reply.version;
    soft = reply.soft;
  }
  /// Takes what the database has answered to a write; false when it failed.
  bool committed() {
    failed = reply.failed;
    if (!failed) row = reply.version;
    return !failed;
  }

  /// Starts a task in the background.
  void start(const Start& what) {
    Start& free = started[started[0].task == Task::none ? 0 : 1];
    SIM_ASSERT(free.task == Task::none);
    free = what;
  }

  /// Ends the operation; a read says what it returns.
  void finish(Version read_answer = 0) {
    active = Slot::none;
    answer = read_answer;
  }
  /// Ends the operation without an answer.
  void fail() {
    active = Slot::none;
    failed = true;
  }

  /// Ends a read with what was loaded, or without an answer.
  void finish_loaded() { failed ? fail() : finish(row); }
  /// Ends a write that was committed, or was not.
  void finish_written() { failed ? fail() : finish(); }

  /// True once after each effect that was issued.
  bool take_issued() {
    const bool was_issued = issued_;
    issued_ = false;
    return was_issued;
  }
  void issue_again() { issued_ = true; }

  bool operator==(const Client&) const = default;

 private:
  void call(Slot slot) {
    const Slot caller = active;
    go_on_with(slot);
    callers[static_cast<std::size_t>(slot)] = caller;
  }

  bool issued_ = false;
};

}  // namespace cacherace::world

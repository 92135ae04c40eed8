#pragma once
// A race as a model that a search can explore: a few clients with scripts, and every order of their
// effects.

#include <boost/container/small_vector.hpp>
#include <string>
#include <vector>

#include "sim/core/history.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/strategy/strategy.hpp"
#include "sim/world/world.hpp"

namespace cacherace::engine {

/// An operation that a client is going to perform.
struct Planned {
  OperationKind kind = OperationKind::read;
  Key key = 0;

  bool operator==(const Planned&) const = default;
};

/// One client of a race and its operations, in order.
struct Script {
  std::string client;
  std::vector<Planned> operations;

  bool operator==(const Script&) const = default;
};

/// A race without a strategy: who does what, and how each key starts.
struct Plan {
  std::vector<std::string> keys;
  std::vector<scenario::KeyStart> starts;  // by key
  std::vector<Script> scripts;
};

/// Spells out the clients of a scenario's race: `reader` with count 2 becomes reader-1 and
/// reader-2.
Plan plan(const scenario::Race& race);

/// What may happen next: the effect of a client, or the expiry of a key's entry.
struct Choice {
  Actor actor = 0;
  Key key = 0;  // of the entry, when the actor is the clock

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
/// order of effects is possible, and an entry with a TTL may expire before any step; but entries
/// expire in the order in which they were stored, for they all have the same TTL. An execution is
/// complete when every client is done.
class Race {
 public:
  struct State {
    world::World world;
    std::vector<std::uint16_t> operation;  // by client: index of its current operation
    // Keys of the entries with a TTL, in the order in which they were stored and so will expire.
    // The first `warm` of them were there before the start, stored nobody knows when: they expire
    // in any order.
    std::vector<Key> expiring;
    std::size_t warm = 0;

    bool operator==(const State&) const = default;
  };
  using Choices = boost::container::small_vector<Choice, 8>;

  Race(Plan plan, strategy::Strategy strategy);

  State initial() const;
  /// In a fixed order: clients as planned, then expiries; none once every client is done.
  Choices pending(const State& state) const;
  /// Performs one pending choice. O(entries with a TTL).
  Step step(State& state, Choice choice) const;
  std::vector<FinalKey> finals(const State& state) const;

  Label label(const State& state, Choice choice) const;
  Label label(const Step& step) const;
  const Plan& plan() const { return plan_; }

 private:
  void begin(State& state, Actor actor) const;
  static void note_entry(State& state, const Effect& effect);
  std::string key_name(Key key) const { return plan_.keys[key]; }
  std::string client_name(Actor actor) const;
  std::string operation_name(Actor actor, std::size_t operation) const;

  Plan plan_;
  strategy::Strategy strategy_;
};

}  // namespace cacherace::engine

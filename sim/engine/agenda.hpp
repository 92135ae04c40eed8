#pragma once
// What happens next: the earliest of the actors' pending moments.

#include <vector>

#include "sim/core/units.hpp"

namespace cacherace::engine {

/// Index of an actor of a run: its traffic flows first, then its clients.
using RunActor = std::uint32_t;

/// A binary tournament over the actors, each with at most one pending moment. Equal moments are
/// ordered by a drawn tie, then by actor. Setting, moving and clearing a moment replays one path
/// from leaf to root: O(log actors), without a data-dependent branch on the way.
class Agenda {
 public:
  explicit Agenda(RunActor actors);

  /// Makes room for at least `actors`. O(actors) when it grows.
  void grow(RunActor actors);

  void set(RunActor actor, SimTime at, std::uint32_t tie);
  void clear(RunActor actor) { set(actor, never, ~std::uint32_t{0}); }

  /// The next actor; its moment is `never` when nothing is pending. O(1).
  RunActor next() const { return winners_[1]; }
  SimTime time_of(RunActor actor) const { return leaves_[actor].at; }
  SimTime next_time() const { return leaves_[winners_[1]].at; }

 private:
  struct Moment {
    SimTime at = never;
    std::uint32_t tie = ~std::uint32_t{0};
  };
  bool before(RunActor a, RunActor b) const;
  void rebuild();

  std::vector<Moment> leaves_;     // by actor; a power of two
  std::vector<RunActor> winners_;  // node i plays its children 2i and 2i+1; node 1 is the root
};

}  // namespace cacherace::engine

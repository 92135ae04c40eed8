#pragma once
// What happens next: the earliest of the actors' pending moments.

#include "sim/core/fixed.hpp"
#include "sim/core/large_pages.hpp"
#include "sim/core/units.hpp"

namespace cacherace::engine {

/// Index of an actor of a run: its traffic flows first, then its clients.
using RunActor = std::uint32_t;

/// A tournament over the actors, each with at most one pending moment, at or after the start of
/// time. Equal moments are ordered by a drawn tie, then by actor. Setting, moving and clearing a
/// moment replays one path from leaf to root: O(log actors), without a data-dependent branch on the
/// way. Each match is between four, whose moments fill one line of the processor's cache.
class Agenda {
 public:
  explicit Agenda(RunActor actors) : matches_(1) { grow(actors); }

  /// Makes room for at least `actors`. Amortised O(1) for each of them.
  void grow(RunActor actors);

  void set(RunActor actor, SimTime at, std::uint32_t tie);
  void clear(RunActor actor) { set(actor, never, ~std::uint32_t{0}); }

  /// The next actor; its moment is `never` when nothing is pending. O(1).
  RunActor next() const { return actor_of(first_); }
  SimTime next_time() const { return time_of(first_); }
  SimTime time_of(RunActor actor) const {
    return time_of(matches_[leaf_of(actor)].moments[actor % fan]);
  }
  /// One that is likely to be next before long, among many: what it needs can be asked for ahead.
  RunActor soon() const { return soon_; }

 private:
  // When, tie and actor, the most significant first.
  using Moment = Uint128;
  static constexpr Moment idle = ~Moment{0} >> 1;
  static constexpr RunActor fan = 4;
  struct alignas(fan * sizeof(Moment)) Match {
    Moment moments[fan] = {idle, idle, idle, idle};
  };

  static RunActor actor_of(Moment moment) { return static_cast<RunActor>(moment); }
  static SimTime time_of(Moment moment) {
    return start_of_time + Duration(static_cast<std::int64_t>(moment >> 64));
  }
  std::size_t leaf_of(RunActor actor) const { return leaves_ + actor / fan; }
  void add_rounds(std::size_t wanted);
  void look_ahead();

  // The root comes first; the winner of match i plays in match (i - 1) / 4.
  LargeVector<Match> matches_;
  std::size_t leaves_ = 0;  // the first match between actors
  Moment first_ = idle;
  RunActor soon_ = 0;
};

}  // namespace cacherace::engine

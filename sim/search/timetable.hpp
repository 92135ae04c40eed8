#pragma once
// Times for the steps of an execution, from the bounds on the gaps between them.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sim/search/zone.hpp"

namespace cacherace::search {

/// A number from `least` to `most` with few digits, not much above `least`. Requires
/// 0 <= least <= most.
Bound roundest(Bound least, Bound most);

/// Takes the steps of an execution one after another, each with the clocks that run until it. Only
/// steps that some clock of which still runs are bound to what comes later, so times are found step
/// by step: first backwards, what the later steps ask of the earlier ones, then forwards.
class Timetable {
 public:
  /// A step by its index, or the start of a clock that ran before the first step.
  using Moment = std::size_t;
  /// A clock that was started at `start` reads at most `latest`, which may be `unbounded`.
  struct Running {
    Moment start;
    Bound latest;
  };
  /// Moment `later` comes at least so much after moment `earlier`.
  struct AtLeast {
    Moment later, earlier;
    Bound bound;
  };

  /// The start of the n-th clock, from 0, that ran before the first step.
  static Moment before_all(std::size_t n) { return ~Moment{0} - n; }

  /// The next step. Moments other than itself are starts of running clocks.
  void add_step(std::span<const Running> running, std::span<const AtLeast> at_least);
  std::size_t steps() const { return offsets_.size(); }

  /// When each step takes effect, since the first one: one after another as round as the bounds
  /// allow. `running`: the clocks that run after the last step. Nothing when `go_on`, which is
  /// asked every `steps_between` steps, says no. Requires that there is a step, and that some times
  /// meet all bounds. O(steps · clocks³); memory for O(steps · clocks) bounds.
  std::optional<std::vector<Bound>> round_times(std::span<const Running> running,
                                                const std::function<bool()>& go_on) const;
  static constexpr std::size_t steps_between = 100'000;

 private:
  struct Offsets {
    std::size_t running, at_least;
  };
  class Bounds;

  std::span<const Running> running_until(std::size_t step) const;
  std::span<const AtLeast> at_least(std::size_t step) const;
  void hold_step(std::size_t step, Bounds& bounds) const;
  Bounds before(std::size_t step, const Bounds& after) const;

  std::vector<Offsets> offsets_;  // by step: where its own begin in the two below
  std::vector<Running> running_;
  std::vector<AtLeast> at_least_;
};

}  // namespace cacherace::search

#pragma once
// Fits a schedule that no longer matches to the race as it is now.

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/engine/race/race.hpp"

namespace cacherace::engine {

/// A complete execution that follows a schedule as far as it can.
struct Realigned {
  History history;                   // without finals when it was given up as too long
  std::vector<std::size_t> choices;  // taken, by index into `Race::pending`
  std::size_t matched = 0;           // steps of the schedule that were performed
  std::size_t skipped = 0;           // steps of the schedule that there are no more
  std::size_t added = 0;             // steps that stood in the way of one of the schedule
  std::size_t drawn = 0;             // steps after the last one of the schedule
};

/// Takes a choice of the current state, by index, unless something forbids it: time.
using TryChoice = std::function<bool(std::size_t choice)>;

/// Performs the steps of `schedule` that are pending by client, operation and effect, whatever
/// their results. In the way of one that is not may stand new steps of its client: they are
/// performed if it comes after them, unless it takes fewer to skip it. After the last one, choices
/// but no faults are drawn with `seed`, until every client is done or 10,000 were drawn. O(steps *
/// clients). `try_choice` is asked before each step.
Realigned realign(
    const Race& race, const std::vector<Label>& schedule, std::uint64_t seed,
    const TryChoice& try_choice = [](std::size_t) { return true; });

}  // namespace cacherace::engine

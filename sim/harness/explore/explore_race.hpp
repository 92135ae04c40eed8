#pragma once
// One race and one property: the search that recognises states, and executions made from its
// answers.

#include <optional>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/harness/explore/questions.hpp"
#include "sim/search/check_times.hpp"
#include "sim/search/explore.hpp"
#include "sim/search/witness.hpp"

namespace cacherace::harness {

/// A complete execution that violates, and why.
struct Violation {
  History history;
  judge::Finding finding;
};

/// What a monitor of the race's properties has to know beforehand.
judge::Rows rows_of(const engine::Race& race, const Question& question);

/// The step takes effect so long after the first one.
void set_time(Step& step, const engine::RaceTiming& timing, Duration since_start);

/// The first step that the question's timing does not allow at its time. See search::check_times.
std::optional<search::Impossible> check_times(const engine::Race& race, const Question& question,
                                              const std::vector<Step>& steps,
                                              const std::vector<Duration>& times);

/// The execution of a witness, with its times and what it leaves.
History timed_history(const engine::Race& race, const Question& question,
                      const engine::RaceGraph& graph, const search::Witness& witness);

/// The race that a question is asked of.
engine::Race race_of(const engine::Plan& plan, const strategy::Strategy& strategy,
                     const Question& question);

struct ExploredRace {
  search::Explored explored;
  bool symmetric = false;  // states that differ in which of some alike clients is where were one
  bool too_long = false;   // it ended where an execution lasts longer than it can count
  std::optional<std::uint64_t> zones;  // of clock readings, where time counts
  std::optional<search::Bound> worst;  // nanoseconds, of a property that measures time
  /// The first violation: the fewest steps lead to it, and then the clients finish, one after
  /// another.
  std::optional<Violation> violation;
};

struct HowToExplore {
  bool symmetry = true;     // where it is sound
  bool to_the_end = false;  // goes on after a violation, to find the worst of all
};

/// See search::explore.
ExploredRace explore_race(const engine::Race& race, const Question& question,
                          const search::StateBudget& budget, HowToExplore how);

/// Of all executions that violate: the fewest steps, then the fewest context switches, then the
/// first in the order of `Race::pending`; where time counts, the fewest steps to a violation.
/// Nothing when none does, or the budget ended.
std::optional<Violation> shortest_violation(const engine::Race& race, const Question& question,
                                            const search::StateBudget& budget);

}  // namespace cacherace::harness

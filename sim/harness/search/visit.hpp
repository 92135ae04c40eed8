#pragma once
// The ways to visit a race: state by state for one property, schedule by schedule
// for several, or by a sample.

#include <functional>
#include <optional>
#include <vector>

#include "sim/harness/explore/explore_race.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::harness {

/// What was seen of a property.
struct Seen {
  report::PropertyResult result;  // how much was visited; not what that means
  bool arose = false;             // the situation that the property is about came up
  search::Bound worst = 0;        // of a property that measures time
  bool too_long = false;          // ended where an execution lasts longer than can be counted
  std::optional<Violation> violation;
};

/// Asked every few thousand steps; false ends the visit. Names no strategy and no property.
using GoOn = std::function<bool(const SearchProgress&)>;

/// Of a visit to come.
Seen nothing_seen(const Question& question);
struct Judged {
  bool arose = false, violates = false;
};
/// Judges one complete execution, and adds it to what was seen.
Judged judge(const History& history, const Question& question, Seen& seen);

/// The budget of states that the options allow.
search::StateBudget state_budget(const SearchOptions& options, const GoOn& go_on);

/// Ends at the first violation, unless the property measures.
Seen visit_states(const engine::Race& race, const Question& question, const SearchOptions& options,
                  const GoOn& go_on);

/// Ends when every question has its violation, unless the options ask to count, or a property
/// measures. By question.
std::vector<Seen> visit_schedules(const engine::Race& race, const std::vector<Question>& questions,
                                  const SearchOptions& options, const GoOn& go_on);

/// Draws executions; all that the options ask for, whatever they show. By question.
std::vector<Seen> visit_sample(const engine::Race& race, const std::vector<Question>& questions,
                               const SearchOptions& options, std::uint64_t seed, const GoOn& go_on);

}  // namespace cacherace::harness

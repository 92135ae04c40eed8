#pragma once
// From a scenario's race to verdicts: every schedule of every strategy, judged.

#include <functional>
#include <string>
#include <vector>

#include "sim/report/json.hpp"
#include "sim/report/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// What a search is doing, for a progress line.
struct SearchProgress {
  std::string strategy;
  std::uint64_t schedules = 0;  // of this strategy's race, so far
  std::uint64_t transitions = 0;
};

struct SearchOptions {
  bool count = false;                   // visit every schedule, even after a violation
  std::vector<std::string> strategies;  // by name; empty for all
  std::vector<std::string>
      properties;  // by name; empty for those that the scenario expects, or else for all
  std::uint64_t schedules_max = 20'000'000;  // per strategy
  std::uint32_t steps_max = 200;             // per schedule
  /// Asked every few thousand steps; false ends the search.
  std::function<bool(const SearchProgress&)> go_on = [](const SearchProgress&) { return true; };
};

struct SearchOutcome {
  report::Result result;
  std::vector<report::CounterexampleFile> counterexamples;  // in the order of the result
};

/// Searches the race of `scenario` under timing `unbounded`. A violated
/// property comes with its smallest counterexample: fewest operations, then fewest steps, then
/// fewest context switches. Deterministic.
SearchOutcome search(const scenario::Scenario& scenario, const SearchOptions& options);

}  // namespace cacherace::harness

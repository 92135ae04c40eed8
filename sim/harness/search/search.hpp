#pragma once
// From a scenario's race to verdicts.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/harness/work/shared_memory.hpp"
#include "sim/harness/work/work.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// What a search is doing, for a progress line.
struct SearchProgress {
  std::string strategy;
  std::string property;         // "" for all at once
  bool shrinking = false;       // looks for the smallest counterexample
  std::uint64_t states = 0;     // recognised so far, where states are
  std::uint64_t schedules = 0;  // visited or drawn so far, where states are not recognised
  std::uint64_t transitions = 0;
  std::uint32_t depth = 0;
  std::uint64_t bytes = 0;
};

enum class Going {
  on,
  out_of_time,  // a budget ended: what was not visited is clean so far
  interrupted,  // what was not visited is left out
};

/// Whether states are recognised, and whether clients that are alike are taken for each other.
enum class Reduction { none, states, all };

/// Visits all there is, or draws executions.
enum class SearchMode { exhaustive, random, pct };

struct SearchOptions {
  SearchMode mode = SearchMode::exhaustive;
  Reduction reduction = Reduction::all;
  bool count = false;                   // visit every schedule, and count those that violate
  bool shrink = true;                   // to the smallest counterexample
  std::vector<std::string> strategies;  // by name; empty for all
  std::vector<std::string>
      properties;            // by name; empty for those that the scenario expects, or else for all
  bool of_the_goal = false;  // where none are named: those of the goal, too
  // Per strategy and property, where states are recognised; of a sample, per strategy:
  std::uint64_t states_max = 50'000'000;
  /// Of all searches together; each of them may take all of it.
  std::uint64_t bytes_max = std::uint64_t{4} << 30U;
  /// Where this search is one of several at the same time: its share of their memory, which must
  /// outlive the search. It then works on one thread.
  SharedMemory::Share* memory = nullptr;
  // Per strategy, where they are not:
  std::optional<std::uint64_t> schedules_max;  // else 20,000,000; of a sample 10,000
  std::uint32_t steps_max = 200;               // per schedule
  std::uint32_t pct_depth = 3;                 // see search::Pct
  unsigned jobs = 1;                           // threads; never changes a result
  /// Asked every few thousand steps, by one thread at a time.
  std::function<Going(const SearchProgress&)> go_on = [](const SearchProgress&) {
    return Going::on;
  };
  Log log = [](const Work&) {};
};

struct SearchOutcome {
  report::Result result;
  std::vector<report::CounterexampleFile> counterexamples;  // in the order of the result
  /// It was put off for lack of memory, and nothing of it counts. Only with
  /// `SearchOptions::memory`.
  bool put_off = false;
};

/// Searches the race of `scenario` under timing `unbounded`, property by property, by recognising
/// states; schedule by schedule when they are to be counted; or judges a sample of executions. A
/// violated property comes with its smallest counterexample: fewest operations, then fewest steps,
/// then fewest context switches; or, without shrinking, with the first one. Deterministic.
SearchOutcome search(const scenario::Scenario& scenario, const SearchOptions& options);

}  // namespace cacherace::harness

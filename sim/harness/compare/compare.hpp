#pragma once
// Strategies side by side: what the search shows of each, what its traffic costs, and which to
// take.

#include <string>

#include "sim/harness/search/search.hpp"
#include "sim/harness/traffic/run.hpp"

namespace cacherace::harness {

struct CompareOptions {
  std::vector<std::string> strategies;  // by name; empty for all
  std::string baseline;  // the others are compared with it; "" for "cache-aside", or else the first
  unsigned jobs = 1;     // threads; never changes a result
  SearchOptions search{.states_max = 2'000'000};  // its strategies and jobs are ignored
  RunOptions run;                                 // and so are its
  bool pauses = false;  // say for which pauses each property holds; see add_pauses()
};

/// Searches the race and simulates the traffic of every strategy, under common random numbers, and
/// recommends one. An interrupted comparison keeps what was finished, and recommends nothing. The
/// counterexamples are in the order of the result. Deterministic for every number of jobs.
SearchOutcome compare(const scenario::Scenario& scenario, const CompareOptions& options);

}  // namespace cacherace::harness

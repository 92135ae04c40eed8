#pragma once
// A scenario as a test: whether it does what it expects.

#include "sim/harness/search/search.hpp"
#include "sim/harness/traffic/run.hpp"

namespace cacherace::harness {

struct CheckOptions {
  unsigned jobs = 1;     // threads; never changes a result
  SearchOptions search;  // its properties and jobs are ignored
  RunOptions run;        // and so are its jobs
};

/// Searches the race where the scenario expects something of a property, for these properties; and
/// simulates the traffic where it expects something of a metric. What it expects nothing of is not
/// looked at. The result is that of a search, of a run, or of both (`compare`, without a
/// recommendation). Deterministic for every number of jobs.
report::Result check(const scenario::Scenario& scenario, const CheckOptions& options);

}  // namespace cacherace::harness

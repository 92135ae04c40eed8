#pragma once
// From a scenario's traffic to metrics: every strategy, several seeds.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/units.hpp"
#include "sim/harness/work/work.hpp"
#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

inline constexpr std::size_t series_buckets_max = 10'000;

/// The shortest resolution whose series has no more than `buckets` buckets, in whole microseconds.
/// Requires buckets > 0.
Duration resolution_for(const scenario::Scenario& scenario, std::size_t buckets);

struct RunProgress {
  double done = 0;               // share of all there is to do
  double simulated_seconds = 0;  // over all replicates
  std::uint64_t operations = 0;  // that have responded in them
};

struct RunOptions {
  std::vector<std::string> strategies;  // by name; empty for all
  std::uint32_t replicates = 5;         // replicate i has the seed `scenario.seed + i`
  /// Of these strategies: the others' metrics are compared with its own; "" for no comparison.
  std::string baseline;
  /// Width of the buckets of series, at least `resolution_for(scenario, series_buckets_max)`;
  /// nothing for no series and no distributions.
  std::optional<Duration> series;
  unsigned jobs = 1;  // threads; never changes a result
  /// Asked every few thousand moments, from every thread; false ends the run.
  std::function<bool(const RunProgress&)> go_on = [](const RunProgress&) { return true; };
  Log log = [](const Work&) {};
};

/// Simulates the traffic of `scenario`. An interrupted run keeps the replicates that were finished.
/// Deterministic for every number of jobs. Throws BrokenRun when something takes so long that the
/// clock cannot tell, or when a trace turns out in mid-run to be malformed; check_traces() says of
/// most when they are.
report::Result run(const scenario::Scenario& scenario, const RunOptions& options);

}  // namespace cacherace::harness

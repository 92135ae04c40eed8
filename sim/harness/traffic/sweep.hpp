#pragma once
// Traffic over a range of values of one or two places of a scenario.

#include "sim/core/result.hpp"
#include "sim/harness/traffic/run.hpp"

namespace cacherace::harness {

struct SweepOptions {
  std::vector<report::Axis> axes;  // one or two
  std::vector<Metric> metrics;     // to show, and to look for knees in; empty for a choice
  RunOptions run;                  // without strategies, a pointer into one chooses it
  /// What must not hold at any value; see with_limits(). The scenario's own expectations are about
  /// the unchanged scenario, and are not judged.
  std::vector<std::string> crossed;
};

/// Simulates the scenario's traffic at each value of the axes, under common random numbers, and
/// marks where a curve over a single axis turns. An interrupted sweep keeps the points that were
/// finished. Problems when a value makes no sense in the scenario. Deterministic for every number
/// of jobs.
Result<report::Result> sweep(const scenario::Scenario& scenario, const SweepOptions& options);

}  // namespace cacherace::harness

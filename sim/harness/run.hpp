#pragma once
// From a scenario's traffic to metrics: every strategy, several seeds.

#include <functional>
#include <string>
#include <vector>

#include "sim/report/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// One strategy under one seed.
struct Replicate {
  std::vector<std::pair<std::string, std::optional<double>>> metrics;  // in the vocabulary's order
  std::uint64_t digest = 0;                                            // of the order of effects
  std::vector<std::string> notes;                                      // about its traces
};

struct RunOptions {
  std::vector<std::string> strategies;  // by name; empty for all
  std::uint32_t replicates = 5;         // replicate i has the seed `scenario.seed + i`
  unsigned jobs = 1;                    // threads; never changes a result
  /// Asked every few thousand moments, from every thread, with the share that is done; false ends
  /// the run.
  std::function<bool(double)> go_on = [](double) { return true; };
};

/// Simulates one replicate; nothing when `go_on(now)` ended it.
std::optional<Replicate> run_once(const scenario::Scenario& scenario,
                                  const scenario::Strategy& settings, std::uint64_t seed,
                                  const std::function<bool(SimTime)>& go_on);

/// Simulates the traffic of `scenario`. An interrupted run keeps the
/// replicates that were finished. Deterministic for every number of jobs. Throws BrokenTrace when a
/// trace turns out in mid-run to be malformed; check_traces() says of most when they are.
report::Result run(const scenario::Scenario& scenario, const RunOptions& options);

}  // namespace cacherace::harness

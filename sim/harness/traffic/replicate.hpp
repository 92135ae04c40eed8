#pragma once
// One strategy under one seed.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/metric_table.hpp"
#include "sim/engine/arrivals/popularity.hpp"
#include "sim/judge/metric/series.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

struct Replicate {
  MetricValues metrics;
  std::uint64_t digest = 0;        // of the order of effects
  std::vector<std::string> notes;  // about its traces
  // Those of these that were asked for:
  std::vector<judge::Curve> curves;
  std::vector<std::pair<std::string, judge::Histogram>> distributions;  // within the window
  std::optional<SimTime> first_below;  // too few reads hit in the time before
};

/// An alarm: over a time of `steps` buckets, measured at each of their ends, not enough reads hit.
struct HitRatioWatch {
  Duration step{};
  std::size_t steps = 1;
  std::function<bool(double)> enough;
};

struct ReplicateOptions {
  std::uint64_t seed = 1;
  std::optional<Duration> series = {};  // width of the buckets of curves
  bool distributions = false;
  std::optional<HitRatioWatch> watch = {};
  /// Asked every few thousand moments, with the operations that have responded so far; false ends
  /// the replicate.
  std::function<bool(SimTime, std::uint64_t)> go_on = [](SimTime, std::uint64_t) { return true; };
};

/// Simulates one replicate; nothing when `go_on` ended it. `sampler` is of the scenario's keys.
/// Whatever is asked for beside the metrics moves neither them nor the digest.
/// Throws BrokenRun as run() does.
std::optional<Replicate> simulate(const scenario::Scenario& scenario,
                                  const scenario::Strategy& settings,
                                  const engine::KeySampler& sampler,
                                  const ReplicateOptions& options);

}  // namespace cacherace::harness

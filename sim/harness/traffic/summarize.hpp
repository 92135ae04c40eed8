#pragma once
// From replicates to results.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/harness/traffic/replicate.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::harness {

/// Of one strategy, by seed; nothing where the replicate was not finished.
using Replicates = std::vector<std::optional<Replicate>>;

/// Metrics and distributions over the finished replicates, and the digest of all of them.
report::StrategyResult summarize(const std::string& strategy, const Replicates& replicates);

/// Metric by metric, `treatment` minus `baseline`, paired by seed: both saw the same chance.
std::vector<report::MetricResult> differences(const Replicates& treatment,
                                              const Replicates& baseline);

}  // namespace cacherace::harness

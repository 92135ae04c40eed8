#pragma once
// What the figures of a run do not settle, and when its hit ratio gave the alarm.

#include <optional>
#include <string>
#include <vector>

#include "sim/harness/traffic/replicate.hpp"
#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// What to watch a strategy's hit ratio for: the scenario expects that it is not too low. Nothing
/// when it does not. The ratio is looked at over a minute, or over a tenth of the time that is
/// measured when that is shorter, a tenth of that apart.
std::optional<HitRatioWatch> hit_ratio_watch(const scenario::Scenario& scenario,
                                             const std::string& strategy);

/// When the hit ratio of `watch` was first too low, at `when`: a sentence.
std::string hit_ratio_note(const scenario::Scenario& scenario, const std::string& strategy,
                           const HitRatioWatch& watch, SimTime when);

/// A sentence about the limits that lie within the interval of their metric, so that more
/// replicates might decide otherwise; and one when differences are asked of a single replicate.
std::vector<std::string> interval_notes(const scenario::Scenario& scenario,
                                        const report::Result& result);

}  // namespace cacherace::harness

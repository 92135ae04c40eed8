#pragma once
// A search and a run of the same scenario in one result.

#include <vector>

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Of kind `compare`: for each of the strategies both halves, or the half that was finished; what
/// is expected and the goal, compared with all of it. Without a recommendation.
report::Result joined(const scenario::Scenario& scenario,
                      const std::vector<scenario::Strategy>& strategies, report::Result searched,
                      report::Result simulated);

}  // namespace cacherace::harness

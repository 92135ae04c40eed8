#pragma once
// What makes figures meaningless though nothing is wrong with the scenario: sentences for people,
// each with the reason and what to change.

#include <string>
#include <vector>

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// What the settings alone show: TTLs that no run of this length can see, clients that never come
/// back, lease tokens that die before the load is done. O(strategies + flows).
std::vector<std::string> doubts_about(const scenario::Scenario& scenario);

/// What the figures of a run show: strategies that nothing told apart, caches that nothing ever
/// left, a database that is saturated. O(strategies² · metrics).
std::vector<std::string> doubts_about(const scenario::Scenario& scenario,
                                      const report::Result& result);

}  // namespace cacherace::harness

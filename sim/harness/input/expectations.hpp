#pragma once
// What a scenario expects, compared with what there was.

#include <string>
#include <vector>

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// What the scenario expects of a strategy: its own expectations, then those of "*" that it does
/// not state itself. O(expectations²).
std::vector<scenario::Expectation> expectations_of(const scenario::Scenario& scenario,
                                                   const std::string& strategy);

/// Whether a value in the limit's unit keeps it.
bool holds(const scenario::Limit& limit, double value);

/// The limit of a metric as people read it: ">= 90 %".
std::string limit_text(Metric metric, const scenario::Limit& limit);

/// Compares what the scenario expects of each strategy of `result` with the verdicts and metrics
/// that are in it, and adds the comparisons. A metric without a value meets nothing. Expectations
/// of what the result does not hold are left alone.
void compare_expectations(const scenario::Scenario& scenario, report::Result& result);

/// Compares every strategy of `result` with the scenario's goal, likewise. A strategy that reads
/// the row itself keeps nothing that could be wrong: where a proof is wanted of it, the verdict
/// `vacuous` will do.
void compare_goal(const scenario::Scenario& scenario, report::Result& result);

}  // namespace cacherace::harness

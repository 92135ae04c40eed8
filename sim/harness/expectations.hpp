#pragma once
// What a scenario expects, compared with what there was.

#include "sim/report/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Compares what the scenario expects of each strategy of `result` with the verdicts and metrics
/// that are in it, and adds the comparisons. A strategy's own expectation wins over that of "*". A
/// metric without a value meets nothing. Expectations of what the result does not hold are left
/// alone.
void compare_expectations(const scenario::Scenario& scenario, report::Result& result);

}  // namespace cacherace::harness

#pragma once
// What a scenario expects, compared with what there was.

#include <vector>

#include "sim/report/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// The expectations that hold for one strategy: its own ones, and those of "*" that it does not
/// state itself.
std::vector<scenario::Expectation> expectations_of(const scenario::Scenario& scenario,
                                                   const std::string& strategy);

/// One expectation about a property, against its verdict.
report::Expected compare(const scenario::Expectation& expectation, const std::string& strategy,
                         const report::PropertyResult& found);

/// One expectation about a metric, against its mean. A metric without a value meets nothing.
report::Expected compare(const scenario::Expectation& expectation, const std::string& strategy,
                         const report::MetricResult& found);

}  // namespace cacherace::harness

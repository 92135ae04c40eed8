#pragma once
// Limits from the command line: what must not be crossed, beside what the scenario expects.

#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// The scenario that expects of every strategy that none of `crossed` holds: "db_qps_peak>5000",
/// "hit_ratio<90%", "staleness>62s"; and that every term of its goal does, where `crossed` has
/// "goal". What it expected of the same metric or property gives way.
/// Problems when one is malformed. O(scenario).
Result<scenario::Scenario> with_limits(const scenario::Scenario& scenario,
                                       const std::vector<std::string>& crossed);

/// The same scenario, which expects nothing else.
Result<scenario::Scenario> with_limits_alone(const scenario::Scenario& scenario,
                                             const std::vector<std::string>& crossed);

}  // namespace cacherace::harness

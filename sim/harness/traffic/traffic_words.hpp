#pragma once
// The traffic of a scenario, for people.

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// How long it lasts, what is measured of it, and what befalls it, in the order of time.
report::Traffic describe_traffic(const scenario::Scenario& scenario, std::uint32_t replicates);

/// A sentence where the scenario describes no traffic, and the default one is simulated.
std::vector<std::string> traffic_notes(const scenario::Scenario& scenario);

}  // namespace cacherace::harness

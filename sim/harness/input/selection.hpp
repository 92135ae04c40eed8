#pragma once
// What every command takes from a scenario.

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// The strategies of those names, in the scenario's order; all of them for no names. Unknown names
/// choose nothing.
std::vector<scenario::Strategy> selected(const scenario::Scenario& scenario,
                                         const std::vector<std::string>& names);

/// Whether the scenario has that section, rather than the default of it. O(scenario).
bool describes(const scenario::Scenario& scenario, std::string_view section);

/// A result that names the scenario and holds nothing yet.
report::Result describe_scenario(const scenario::Scenario& scenario);

}  // namespace cacherace::harness

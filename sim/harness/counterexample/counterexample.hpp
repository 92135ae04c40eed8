#pragma once
// An interleaving that violates a property, as reports show it.

#include <optional>

#include "sim/engine/race/race.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Adds when the steps took effect, where time counts.
void show_times(report::Counterexample& shown, const History& history);

/// Names the parties and steps of `history`, an execution of `race`, and explains `finding`.
report::Counterexample describe_counterexample(const engine::Race& race, const History& history,
                                               const judge::Finding& finding,
                                               const judge::Property& property);

/// The parties and steps of an execution, without a finding. The decisive step, from 0, is shown as
/// a step of its own.
report::Counterexample describe_steps(const engine::Race& race, const History& history,
                                      std::optional<std::size_t> decisive = std::nullopt);

/// The counterexample as it is saved: with what a replay needs of the scenario, and the race that
/// was left when it was found.
report::CounterexampleFile counterexample_file(const scenario::Scenario& scenario,
                                               const std::string& strategy,
                                               const engine::Plan& plan, std::string_view property,
                                               const report::Counterexample& shown);

}  // namespace cacherace::harness

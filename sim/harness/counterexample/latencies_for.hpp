#pragma once
// Latencies, pauses and delays from which the times of an execution follow.

#include <optional>
#include <vector>

#include "sim/core/history.hpp"
#include "sim/engine/clock/answers.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

struct Latencies {
  struct Start {
    Actor client = 0;
    std::uint16_t operation = 0;
    SimTime at;
  };
  Duration origin{};          // the history's time 0 is so long after the start of time
  std::vector<Start> starts;  // when operations are invoked
  engine::Answers answers;
};

/// Within the scenario's bounds, for a clock engine with this seed. Nothing when there are none.
/// Requires a complete execution of the race, without faults. O(steps · clients · choices).
std::optional<Latencies> latencies_for(const scenario::Scenario& scenario, const engine::Race& race,
                                       const History& history, std::uint64_t seed);

}  // namespace cacherace::harness

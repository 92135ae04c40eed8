#pragma once
// An execution with times, repeated by the clock engine.

#include <string>

#include "sim/core/history.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

struct ClockReplay {
  enum class Outcome {
    same,      // the same effects with the same replies at the same times, and the same is left
    departed,  // it came to something else
    not_tried,
  };
  Outcome outcome = Outcome::same;
  std::string says;  // where it departed, or why it was not tried
};

/// Lets the clock engine simulate the operations of a complete execution of the race, under
/// latencies, pauses and delays from which its times follow. Not tried where the engine would have
/// to draw more than that: faults, replicas, several processes, jitter, queues for a row or a
/// commit, warm entries with a TTL. Nor where no latencies lead to these times: the two halves of a
/// cache latency are one draw here, and two gaps in a search.
/// O(steps · clients · choices).
ClockReplay replay_in_clock(const scenario::Scenario& scenario, const engine::Race& race,
                            const History& history);

}  // namespace cacherace::harness

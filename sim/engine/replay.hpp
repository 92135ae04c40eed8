#pragma once
// Re-executes a given schedule, step by step, and says exactly where it stops matching.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/race.hpp"

namespace cacherace::engine {

/// The first step that no longer matches.
struct Divergence {
  std::size_t step = 0;  // from 1
  std::string says;      // what was expected and what there is instead, by label
};

struct Replay {
  History history;  // up to the divergence, if there is one
  std::optional<Divergence> divergence;
};

/// Performs the steps of `schedule`, in order. Each must be pending, by client, operation and
/// effect, and must have the same result; after the last one every client must be done.
/// `after_step` sees the state after each. O(steps * clients).
Replay replay(
    const Race& race, const std::vector<Label>& schedule,
    const std::function<void(const Race::State&)>& after_step = [](const Race::State&) {});

/// Whether two steps are the same by client, operation and effect.
bool same_pending(const Label& a, const Label& b);

/// Digest of a schedule's labels and results.
std::string digest(const std::vector<Label>& schedule);

}  // namespace cacherace::engine

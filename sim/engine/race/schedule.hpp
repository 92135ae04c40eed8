#pragma once
// Re-executes a given schedule, step by step, and says exactly where it stops matching.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/race/race.hpp"

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
/// effect, and must have the same result; after the last one every client must be done. Of several
/// that are the same by their labels, the first that has the result and the arguments is taken,
/// which `args` lists by step, where they are known; else the last. O(steps * clients).
Replay replay(const Race& race, const std::vector<Label>& schedule,
              const std::vector<std::optional<Args>>& args = {});

/// Sees a step, and the states before and after it.
using Visit = std::function<void(const Race::State&, const Step&, const Race::State&)>;

/// Performs the steps of an execution of the race once more. O(steps * clients).
void walk(const Race& race, const std::vector<Step>& steps, const Visit& visit);

/// Performs one of them: `state` is the one before it, and becomes the one after it.
void perform_again(const Race& race, Race::State& state, const Step& step);

/// Whether two steps are the same by client, operation and effect.
bool same_pending(const Label& a, const Label& b);

/// Digest of a schedule's labels and results.
std::string digest(const std::vector<Label>& schedule);

}  // namespace cacherace::engine

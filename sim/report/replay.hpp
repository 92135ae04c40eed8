#pragma once
// The outcome of a replay.

#include <optional>
#include <string>
#include <vector>

#include "sim/report/result.hpp"
#include "sim/report/text.hpp"

namespace cacherace::report {

struct Replay {
  std::string title;
  std::string strategy;
  std::string property;
  Counterexample
      shown;  // the steps that were performed; with a finding when the replay ended with it

  struct Divergence {
    std::size_t step = 0;  // from 1; 0 when the steps match but what they show does not
    std::string says;
  };
  std::optional<Divergence> divergence;
};

/// The whole replay: interleaving, outcome, and with `states` what stood where after each step.
std::string to_text(const Replay& replay, const TextStyle& style, bool states);
std::string to_json(const Replay& replay);

/// Step `index` (from 0) alone, with the state after it: two lines.
std::string step_text(const Replay& replay, std::size_t index);

}  // namespace cacherace::report

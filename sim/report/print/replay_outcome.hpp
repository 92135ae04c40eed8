#pragma once
// The outcome of a replay.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/report_result.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// Where a replay stops matching.
struct Divergence {
  std::size_t step = 0;  // from 1; 0 when the steps match but what they show does not
  std::string says;
};

/// What came of a schedule that no longer matches, fitted to what there is now.
struct Realigned {
  std::size_t matched = 0;  // saved steps that were performed
  std::size_t skipped = 0;  // saved steps that there are no more
  std::size_t added = 0;    // new steps that stood in the way of saved ones
  std::size_t drawn = 0;    // steps after the last saved one
  std::uint64_t seed = 1;
  bool complete = true;  // false when it was given up as too long
  bool violated = false;
  Counterexample shown;
};

/// Whether the clock engine was made to repeat the execution.
struct InClock {
  bool repeated = false;
  std::string why_not;
};

struct Replay {
  std::string title;
  std::string strategy;
  std::string property;
  std::vector<std::pair<std::string, std::string>> starts;  // key -> "cold", "warm" or "absent"
  Counterexample
      shown;  // the steps that were performed; with a finding when the replay ended with it
  std::optional<Divergence> divergence;
  std::optional<Realigned> realigned;  // when a step diverged
  std::optional<InClock> in_clock;     // of one with times that did not diverge
};

/// The whole replay: interleaving, outcome, and with `states` what stood where after each step.
std::string to_text(const Replay& replay, const TextStyle& style, bool states);
/// `diverged: step 4: expected …`
std::string divergence_text(const Divergence& divergence);
std::string to_text(const Realigned& realigned, const std::string& property,
                    const TextStyle& style);
std::string to_json(const Replay& replay);
/// A page to step through.
std::string to_html(const Replay& replay);

/// Step `index` (from 0) alone, which is performed so many `times`, with the state after it: two
/// lines.
std::string step_text(const Replay& replay, std::size_t index, std::size_t times);

}  // namespace cacherace::report

#pragma once
// Performs a saved counterexample again.

#include <optional>
#include <string_view>

#include "sim/core/result.hpp"
#include "sim/harness/counterexample/realign_saved.hpp"
#include "sim/harness/counterexample/saved_race.hpp"
#include "sim/report/print/replay_outcome.hpp"

namespace cacherace::harness {

/// The saved steps, performed as far as they match.
struct Performed {
  History history;  // complete unless a step diverged
  report::Counterexample shown;
  std::optional<judge::Finding> finding;  // of the saved property
  std::optional<report::Divergence> divergence;
};

/// Performs the steps of a counterexample, of which `race` is the race, at its times, and judges.
Performed perform(const SavedRace& saved, const engine::Race& race);

/// A realigned counterexample as reports show it.
report::Realigned describe_realigned(const SavedRace& saved, const engine::Race& race,
                                     const RealignedRace& realigned, std::uint64_t seed);

/// Replays the counterexample file `text`, named `file` in messages. With `other`, the strategy of
/// that scenario which has the saved strategy's name takes its place. Problems when the file, or
/// the name, is wrong; a divergence is a result, and where a step diverged, so is what comes of the
/// steps that still match, followed by steps that are drawn with `seed`.
Result<report::Replay> replay(std::string_view text, std::string_view file,
                              const scenario::Scenario* other, std::uint64_t seed);

}  // namespace cacherace::harness

#pragma once
// What an anomaly comes to under a strategy: every schedule of its race, or one that violates.

#include <memory>
#include <optional>
#include <string>

#include "sim/engine/race/race.hpp"
#include "tests/races/table/anomalies.hpp"
#include "tests/races/table/strategy_list.hpp"
#include "tests/support/verdict.hpp"

namespace cacherace::test {

struct Outcome {
  Verdict verdict = Verdict::vacuous;
  std::optional<History> counterexample;
  // For a test that fails to show:
  std::optional<judge::Finding> finding;
  const judge::Property* property = nullptr;
  std::shared_ptr<const engine::Race> race;
  const ListedStrategy* listed = nullptr;  // whose slots a scenario can name
};

/// Explores the race until its property is violated. Aborts when there are more schedules than a
/// test can visit. `in_time` as in InTime.
Outcome explore(const engine::Race& race, bool in_time, const judge::Property& property,
                std::uint64_t limit);

/// The same for a strategy and an anomaly; nothing where they have nothing to do with each other.
std::optional<Outcome> explore(const ListedStrategy& listed, const Anomaly& anomaly);

/// For CHECK_VERDICT.
inline Verdict verdict_in(const Outcome& outcome) { return outcome.verdict; }
Evidence evidence_of(const Outcome& outcome);

}  // namespace cacherace::test

#include "sim/harness/counterexample/realign_saved.hpp"

#include <algorithm>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/search/witness.hpp"

namespace cacherace::harness {
namespace {

bool always() { return true; }

// Takes the choices that time allows, and notes which of them measures the most.
class InTime {
 public:
  explicit InTime(engine::RaceGraph& graph) : walk_(graph) {}

  bool try_choice(std::size_t choice) {
    const auto measured = walk_.most(choice);
    const auto claimed = walk_.claimed(choice);
    if (!walk_.try_move(choice)) return false;
    ++taken_;
    if ((measured && *measured > worst_) ||
        (claimed.violated && claimed.measured >= most_claimed_)) {
      worst_ = measured.value_or(worst_);
      most_claimed_ = claimed.measured + 1;
      claims_ |= claimed.violated;
      until_worst_ = taken_;
    }
    return true;
  }

  search::Witness finish() { return *walk_.finish(always); }
  search::Bound worst() const { return worst_; }
  /// What violates is so at some of the times only.
  bool claims() const { return claims_; }
  std::size_t until_worst() const { return until_worst_; }

 private:
  search::WitnessOf<engine::RaceGraph> walk_;
  std::size_t taken_ = 0, until_worst_ = 0;
  search::Bound worst_ = 0;
  std::uint64_t most_claimed_ = 0;
  bool claims_ = false;
};

engine::Realigned realign_in_time(const SavedRace& saved, const engine::Race& race,
                                  std::uint64_t seed) {
  const auto& question = saved.question;
  const auto monitor = question.property->monitor(rows_of(race.plan(), question), question.limit);
  engine::RaceGraph graph(race, *monitor, {.timing = &*question.timing});
  InTime in_time(graph);
  auto realigned = engine::realign(race, saved.schedule, seed,
                                   [&](std::size_t choice) { return in_time.try_choice(choice); });
  if (realigned.history.finals.empty()) return realigned;
  const auto limit = static_cast<search::Bound>(question.limit);
  search::Witness witness;
  const bool timed = question.property->timed;
  if (in_time.claims() || (timed && in_time.worst() > limit)) {
    realigned.choices.resize(in_time.until_worst());
    witness = *search::witness(graph, realigned.choices,
                               timed ? std::optional(limit) : std::nullopt, always);
  } else {
    witness = in_time.finish();
  }
  realigned.history = timed_history(race, question, graph, witness);
  return realigned;
}

}  // namespace

RealignedRace realign(const SavedRace& saved, const engine::Race& race, std::uint64_t seed) {
  RealignedRace result{.execution = saved.question.timing
                                        ? realign_in_time(saved, race, seed)
                                        : engine::realign(race, saved.schedule, seed),
                       .violation = {}};
  const History& history = result.execution.history;
  if (history.finals.empty()) return result;
  const auto judgement = saved.question.property->judge(history, saved.question.limit);
  if (judgement.finding)
    result.violation = Violation{.history = history, .finding = *judgement.finding};
  return result;
}

}  // namespace cacherace::harness

#include "sim/harness/counterexample/realign_saved.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/search/witness.hpp"

namespace cacherace::harness {
namespace {

bool always() { return true; }

// Takes moves that time allows, and notes which of them measures the most.
class InTime {
 public:
  explicit InTime(engine::RaceGraph& graph) : walk_(graph) {}

  /// The moves of a choice.
  std::vector<std::size_t> moves_of(std::size_t choice) const {
    std::vector<std::size_t> moves;
    for (std::size_t move = 0; move < walk_.moves().size(); ++move)
      if (walk_.moves().choice(move) == choice) moves.push_back(move);
    return moves;
  }

  bool try_move(std::size_t move) {
    const auto measured = walk_.most(move);
    const auto claimed = walk_.claimed(move);
    if (!walk_.try_move(move)) return false;
    moves_.push_back(move);
    if ((measured && *measured > worst_) ||
        (claimed.violated && claimed.measured >= most_claimed_)) {
      worst_ = measured.value_or(worst_);
      most_claimed_ = claimed.measured + 1;
      claims_ |= claimed.violated;
      until_worst_ = moves_.size();
    }
    return true;
  }

  search::Witness finish() { return *walk_.finish(always); }
  search::Bound worst() const { return worst_; }
  /// What violates is so at some of the times only.
  bool claims() const { return claims_; }
  /// The moves up to the worst one.
  std::vector<std::size_t> until_worst() const {
    return {moves_.begin(), moves_.begin() + static_cast<std::ptrdiff_t>(until_worst_)};
  }

 private:
  search::WitnessOf<engine::RaceGraph> walk_;
  std::vector<std::size_t> moves_;
  std::size_t until_worst_ = 0;
  search::Bound worst_ = 0;
  std::uint64_t most_claimed_ = 0;
  bool claims_ = false;
};

// The same choices in all ways that time allows: some have several moves.
class EachWayInTime {
 public:
  explicit EachWayInTime(engine::RaceGraph& graph) { ways_.emplace_back(graph); }

  bool try_choice(std::size_t choice) {
    std::vector<InTime> on;
    for (InTime& way : ways_) {
      const auto moves = way.moves_of(choice);
      for (std::size_t i = 1; i < moves.size(); ++i)
        if (InTime other = way; other.try_move(moves[i])) on.push_back(std::move(other));
      if (way.try_move(moves.front())) on.push_back(std::move(way));
    }
    if (on.empty()) return false;
    ways_ = std::move(on);
    return true;
  }

  /// The one with the worst move.
  InTime& worst() {
    return *std::max_element(ways_.begin(), ways_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.claims(), a.worst()) < std::pair(b.claims(), b.worst());
    });
  }

 private:
  std::vector<InTime> ways_;
};

engine::Realigned realign_in_time(const SavedRace& saved, const engine::Race& race,
                                  std::uint64_t seed) {
  const auto& question = saved.question;
  const auto monitor = question.property->monitor(rows_of(race, question), question.limit);
  engine::RaceGraph graph(race, *monitor, {.timing = &*question.timing});
  EachWayInTime each_way(graph);
  auto realigned = engine::realign(race, saved.schedule, seed,
                                   [&](std::size_t choice) { return each_way.try_choice(choice); });
  if (realigned.history.finals.empty()) return realigned;
  InTime& in_time = each_way.worst();
  const auto limit = static_cast<search::Bound>(question.limit);
  search::Witness witness;
  const bool timed = question.property->timed;
  if (in_time.claims() || (timed && in_time.worst() > limit)) {
    witness = *search::witness(graph, in_time.until_worst(),
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
  const auto judgement =
      judge::judge_history(*saved.question.property, history, saved.question.limit);
  if (judgement.finding)
    result.violation = Violation{.history = history, .finding = *judgement.finding};
  return result;
}

}  // namespace cacherace::harness

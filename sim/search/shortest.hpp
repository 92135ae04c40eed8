#pragma once
// The shortest complete execution that violates.

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/search/explore.hpp"

namespace cacherace::search {

/// Of all complete executions of a graph that end with a violation: one of the fewest steps, of
/// those one of the fewest context switches, of those the first in the order of moves. Visits the
/// states up to that depth, breadth first; then goes back over those on shortest ways only, and
/// counts for each of them, by who came last, the switches that are still to come. Requires that
/// the graph remembers violations, and that actors keep their numbers from state to state.
template <typename Graph>
class ShortestViolation {
 public:
  ShortestViolation(Graph& graph, const StateBudget& budget) : graph_(graph), budget_(budget) {}

  /// The moves, by index; nothing when there is no such execution, or the budget ended.
  std::optional<std::vector<std::size_t>> run() {
    if (!visit() || !look_back()) return std::nullopt;
    return go_ahead();
  }

 private:
  // A state on some shortest way.
  struct Tight {
    bool is_end = false;
    // By the actor that goes on from here: the fewest context switches after that.
    std::vector<std::pair<Actor, std::uint32_t>> switches;
  };

  bool visit() {
    states_.add(graph_.start().state);
    layers_.push_back(0);
    bool found = false;
    for (std::uint32_t now = 0; now < states_.size(); ++now) {
      if (!may_go_on()) return false;
      if (now == layer_end_) {
        if (found) return true;
        layers_.push_back(now);
        layer_end_ = states_.size();
      }
      expand(now);
      if (moves_.size() == 0 && graph_.end(state_).violated) {
        found = true;
        tight(now).is_end = true;
      }
      for (std::size_t move = 0; move < moves_.size(); ++move) states_.stage(moves_.next(move));
      if (states_.add_staged(budget_.states_max).size() < moves_.size()) return false;
    }
    return found;
  }

  bool look_back() {
    for (std::size_t layer = layers_.size() - 1; layer-- > 0;)
      for (std::uint32_t now = layers_[layer]; now < layers_[layer + 1]; ++now) {
        if (!may_go_on()) return false;
        expand(now);
        for (std::size_t move = 0; move < moves_.size(); ++move) {
          const std::uint32_t next = states_.add(moves_.next(move)).number;
          if (next < layers_[layer + 1] || !is_tight(next)) continue;
          const Actor actor = moves_.step(move).actor;
          const std::uint32_t switches = switches_after(tight(next), actor);
          auto& known = tight(now).switches;
          const auto of_actor = std::find_if(
              known.begin(), known.end(), [&](const auto& other) { return other.first == actor; });
          if (of_actor == known.end())
            known.emplace_back(actor, switches);
          else
            of_actor->second = std::min(of_actor->second, switches);
        }
      }
    return true;
  }

  std::vector<std::size_t> go_ahead() {
    std::vector<std::size_t> taken;
    std::uint32_t now = 0;
    std::optional<Actor> last;
    while (!tight(now).is_end) {
      const std::uint32_t left = switches_after(tight(now), last);
      expand(now);
      for (std::size_t move = 0;; ++move) {
        SIM_ASSERT(move < moves_.size());
        const std::uint32_t next = states_.add(moves_.next(move)).number;
        if (next < layers_[taken.size() + 1] || !is_tight(next)) continue;
        const Actor actor = moves_.step(move).actor;
        if (switches_after(tight(next), actor) + (last && *last != actor) != left) continue;
        taken.push_back(move);
        now = next;
        last = actor;
        break;
      }
    }
    return taken;
  }

  // Context switches from here to the end, when `last` took the step to here.
  static std::uint32_t switches_after(const Tight& state, std::optional<Actor> last) {
    if (state.is_end) return 0;
    std::uint32_t fewest = std::numeric_limits<std::uint32_t>::max();
    for (const auto& [actor, switches] : state.switches)
      fewest = std::min(fewest, switches + (last && *last != actor));
    return fewest;
  }

  bool is_tight(std::uint32_t state) const {
    return state < number_of_tight_.size() && number_of_tight_[state] != 0;
  }
  Tight& tight(std::uint32_t state) {
    if (number_of_tight_.size() <= state) number_of_tight_.resize(states_.size());
    std::uint32_t& number = number_of_tight_[state];
    if (number == 0) {
      tight_.emplace_back();
      number = static_cast<std::uint32_t>(tight_.size());
    }
    return tight_[number - 1];
  }

  void expand(std::uint32_t state) {
    const auto words = states_[state];
    state_.assign(words.begin(), words.end());
    graph_.expand(state_, moves_);
    transitions_ += moves_.size();
  }

  bool may_go_on() {
    const std::uint64_t tight = number_of_tight_.capacity() * sizeof(std::uint32_t) +
                                tight_.size() * (sizeof(Tight) + sizeof(tight_[0].switches[0]));
    const Explored explored{.states = states_.size(),
                            .transitions = transitions_,
                            .bytes = states_.bytes() + tight + graph_.bytes(),
                            .depth = static_cast<std::uint32_t>(layers_.size()),
                            .observed = {},
                            .way = {}};
    if (explored.bytes > budget_.bytes_max) return false;
    if (transitions_ < ask_at_) return true;
    ask_at_ = transitions_ + StateBudget::transitions_between_asking;
    return budget_.go_on(explored);
  }

  Graph& graph_;
  const StateBudget& budget_;
  StateTable states_;
  std::vector<std::uint32_t> layers_;  // by depth: its first state
  std::uint32_t layer_end_ = 1;
  std::vector<std::uint32_t> number_of_tight_;  // by state, from 1; 0: none
  std::deque<Tight> tight_;
  std::uint64_t transitions_ = 0, ask_at_ = 0;
  std::vector<Word> state_;
  typename Graph::Moves moves_;
};

/// See ShortestViolation.
template <typename Graph>
std::optional<std::vector<std::size_t>> shortest_violation(Graph& graph,
                                                           const StateBudget& budget) {
  return ShortestViolation<Graph>(graph, budget).run();
}

}  // namespace cacherace::search

#pragma once
// Exhaustive search that recognises states: each is visited once, however it was reached.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/core/monitor.hpp"
#include "sim/search/state_table.hpp"

namespace cacherace::search {

/// How far an exploration of states has come.
struct Explored {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t bytes = 0;
  std::uint32_t depth = 0;  // steps of the longest of the shortest ways to a state
  bool stopped = false;     // ended by a violation, the budget or the user
  Observed observed;        // over all executions so far

  bool exhausted() const { return !stopped; }
};

struct StateBudget {
  std::uint64_t states_max = 50'000'000;
  std::uint64_t bytes_max = std::uint64_t{4} << 30;
  /// Asked at the start and every few thousand states; false ends the exploration.
  std::function<bool(const Explored&)> go_on = [](const Explored&) { return true; };
};

/// A graph of packed states: `start`, the `expand`ed moves of a state, and what its `end` shows
/// when there are none. Breadth first, so that the first violation is one of the fewest steps; ends
/// at it unless the property measures. Each state is kept once, and each move performed once.
template <typename Graph>
class Exploration {
 public:
  Exploration(Graph& graph, const StateBudget& budget, bool to_the_end)
      : graph_(graph), budget_(budget), to_the_end_(to_the_end) {}

  Explored run() {
    const auto start = graph_.start();
    states_.add(start.state);
    note(start.observed);
    std::uint32_t layer_end = 1;
    std::vector<Word> state;
    for (std::uint32_t now = 0; now < states_.size() && !explored_.stopped; ++now) {
      if (now % 4096 == 0 && !may_go_on()) break;
      if (now == layer_end) {
        layer_end = states_.size();
        ++explored_.depth;
      }
      const auto words = states_[now];
      state.assign(words.begin(), words.end());
      graph_.expand(state, moves_);
      if (moves_.size() == 0) note(graph_.end(state));
      for (std::size_t move = 0; move < moves_.size(); ++move) {
        ++explored_.transitions;
        states_.add(moves_.next(move));
        note(moves_.observed(move));
      }
    }
    measure();
    return explored_;
  }

 private:
  void note(const Observed& observed) {
    explored_.observed.add(observed);
    explored_.stopped |= observed.violated && !to_the_end_;
  }

  void measure() {
    explored_.states = states_.size();
    explored_.bytes = states_.bytes();
  }

  bool may_go_on() {
    measure();
    if (explored_.states > budget_.states_max || explored_.bytes > budget_.bytes_max ||
        !budget_.go_on(explored_))
      explored_.stopped = true;
    return !explored_.stopped;
  }

  Graph& graph_;
  const StateBudget& budget_;
  bool to_the_end_;
  StateTable states_;
  typename Graph::Moves moves_;
  Explored explored_;
};

/// See Exploration. `to_the_end`: goes on after a violation, to find the worst of all.
template <typename Graph>
Explored explore(Graph& graph, const StateBudget& budget, bool to_the_end) {
  return Exploration<Graph>(graph, budget, to_the_end).run();
}

}  // namespace cacherace::search

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
  /// The states on a shortest way to the first violation, from the start on; the last one is where
  /// it was seen. Empty: there was none.
  std::vector<std::vector<Word>> way;

  bool exhausted() const { return !stopped; }
};

struct StateBudget {
  std::uint64_t states_max = 50'000'000;  // never one more, the first one included
  std::uint64_t bytes_max = std::uint64_t{4} << 30;
  /// Asked at the start and every thousand transitions or so; false ends the exploration.
  std::function<bool(const Explored&)> go_on = [](const Explored&) { return true; };
  static constexpr std::uint64_t transitions_between_asking = 1024;
};

/// A graph of packed states: `start`, the `expand`ed moves of a state, what its `end` shows when
/// there are none, and the `bytes` that the graph itself takes. Breadth first, so that the first
/// violation is one of the fewest steps; ends at it unless the property measures. Each state is
/// kept once, and each move performed once.
template <typename Graph>
class Exploration {
 public:
  Exploration(Graph& graph, const StateBudget& budget, bool to_the_end)
      : graph_(graph), budget_(budget), to_the_end_(to_the_end) {}

  Explored run() {
    const auto start = graph_.start();
    states_.add(start.state);
    if (note(start.observed)) explored_.way = way_to(0);
    std::uint32_t layer_end = 1;
    for (std::uint32_t now = 0; now < states_.size() && !explored_.stopped;) {
      if (!may_go_on()) break;
      if (now == layer_end) {
        layer_end = states_.size();
        ++explored_.depth;
      }
      const std::uint32_t end = std::min(layer_end, (now / batch + 1) * batch);
      do expand(now++);
      while (now < end && !explored_.stopped &&
             states_.size() + staged_from_.size() <= budget_.states_max);
      add();
    }
    measure();
    return explored_;
  }

 private:
  // States are expanded some at a time, and what they lead to is added then, in the same order.
  static constexpr std::uint32_t batch = 16;

  void expand(std::uint32_t now) {
    states_.copy(now, state_);
    graph_.expand(state_, moves_);
    if (moves_.size() == 0 && note(graph_.end(state_))) explored_.way = way_to(now);
    explored_.transitions += moves_.size();
    staged_from_.insert(staged_from_.end(), moves_.size(), now);
    for (std::size_t move = 0; move < moves_.size(); ++move) {
      states_.stage(moves_.next(move));
      if (!note(moves_.observed(move))) continue;
      explored_.way = way_to(now);
      explored_.way.emplace_back(moves_.next(move).begin(), moves_.next(move).end());
    }
  }

  void add() {
    const auto added = states_.add_staged(budget_.states_max);
    for (std::size_t i = 0; i < added.size(); ++i)
      if (added[i].is_new) parents_.push_back(staged_from_[i]);
    explored_.stopped |= added.size() < staged_from_.size();
    staged_from_.clear();
  }

  // Whether this is the first violation.
  bool note(const Observed& observed) {
    explored_.observed.add(observed);
    explored_.stopped |= observed.violated && !to_the_end_;
    return observed.violated && explored_.way.empty();
  }

  std::vector<std::vector<Word>> way_to(std::uint32_t state) const {
    std::vector<std::vector<Word>> way;
    for (;; state = parents_[state - 1]) {
      way.emplace_back(states_[state].begin(), states_[state].end());
      if (state == 0) break;
    }
    std::reverse(way.begin(), way.end());
    return way;
  }

  void measure() {
    explored_.states = states_.size();
    explored_.bytes =
        states_.bytes() + parents_.capacity() * sizeof(std::uint32_t) + graph_.bytes();
  }

  bool may_go_on() {
    measure();
    if (explored_.bytes > budget_.bytes_max) explored_.stopped = true;
    if (explored_.stopped || explored_.transitions < ask_at_) return !explored_.stopped;
    ask_at_ = explored_.transitions + StateBudget::transitions_between_asking;
    explored_.stopped = !budget_.go_on(explored_);
    return !explored_.stopped;
  }

  Graph& graph_;
  const StateBudget& budget_;
  bool to_the_end_;
  StateTable states_;
  std::vector<std::uint32_t> parents_;  // by state, from the second on: where it was first met from
  std::vector<std::uint32_t> staged_from_;  // where each staged state is met from
  std::vector<Word> state_;
  typename Graph::Moves moves_;
  Explored explored_;
  std::uint64_t ask_at_ = 0;  // transitions
};

/// See Exploration. `to_the_end`: goes on after a violation, to find the worst of all.
template <typename Graph>
Explored explore(Graph& graph, const StateBudget& budget, bool to_the_end) {
  return Exploration<Graph>(graph, budget, to_the_end).run();
}

}  // namespace cacherace::search

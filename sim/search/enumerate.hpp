#pragma once
// Plain enumeration: every schedule of a model, one after another. What every cleverer search is
// checked against.

#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/search/model.hpp"

namespace cacherace::search {

/// How far an exploration has come.
struct Coverage {
  std::uint64_t schedules = 0;    // complete executions visited
  std::uint64_t cut = 0;          // executions given up: longer than the budget allows
  std::uint64_t transitions = 0;  // steps performed; shared prefixes are performed once
  std::uint64_t bytes = 0;        // of the states on the way, where the model says what one takes
  bool stopped = false;           // ended by the visitor, the budget or the user

  /// Every schedule was visited.
  bool exhausted() const { return !stopped && cut == 0; }

  bool operator==(const Coverage&) const = default;
};

struct Budget {
  std::uint64_t schedules_max = 20'000'000;  // complete or cut
  std::uint32_t steps_max = 200;             // of one execution
  std::uint64_t bytes_max = ~std::uint64_t{0};
  /// Asked at the start and every few thousand transitions; false ends the exploration.
  std::function<bool(const Coverage&)> go_on = [](const Coverage&) { return true; };
};

/// Depth-first enumeration of the complete executions of `model`, in the lexicographic order of
/// their choices. `visit(const History&)` sees each and returns whether to go on. Backtracks by
/// copying one state a step and keeps at most `steps_max` of them; the time is that of the
/// transitions and these copies.
template <Model M, typename Visit>
class Enumeration {
 public:
  Enumeration(const M& model, const Budget& budget, Visit& visit)
      : model_(model), budget_(budget), visit_(visit) {
    path_.push_back({.state = model.initial(), .choices = {}, .next = 0});
  }

  Coverage run() {
    coverage_.stopped = !budget_.go_on(coverage_);
    arrive();
    while (depth_ > 0 && !coverage_.stopped) {
      Node& node = path_[depth_ - 1];
      if (node.next < node.choices.size())
        take(node.next++);
      else
        leave();
    }
    return coverage_;
  }

 private:
  // A state on the current path, and how many of its choices were taken.
  struct Node {
    typename M::State state;
    typename M::Choices choices;
    std::size_t next;
  };

  void take(std::size_t choice) {
    if (path_.size() == depth_) make_room();
    const Node& from = path_[depth_ - 1];
    Node& to = path_[depth_];
    to.state = from.state;
    history_.steps.push_back(model_.step(to.state, from.choices[choice]));
    if (++coverage_.transitions % 4096 == 0 && !budget_.go_on(coverage_)) coverage_.stopped = true;
    ++depth_;
    arrive();
  }

  // For one state more, about as large as the last.
  void make_room() {
    path_.push_back(path_.back());
    if constexpr (requires(const typename M::State& state) { model_.bytes(state); })
      coverage_.bytes += sizeof(Node) + model_.bytes(path_.back().state);
    coverage_.stopped |= coverage_.bytes > budget_.bytes_max;
  }

  void leave() {
    --depth_;
    if (depth_ > 0) history_.steps.pop_back();
  }

  void arrive() {
    Node& node = path_[depth_ - 1];
    node.choices = model_.pending(node.state);
    node.next = 0;
    const bool complete = node.choices.empty();
    if (!complete && history_.steps.size() < budget_.steps_max) return;
    node.choices.clear();
    if (coverage_.schedules + coverage_.cut == budget_.schedules_max) coverage_.stopped = true;
    if (coverage_.stopped) return;
    if (complete)
      visit_complete(node.state);
    else
      ++coverage_.cut;
  }

  void visit_complete(const typename M::State& state) {
    ++coverage_.schedules;
    history_.finals = model_.finals(state);
    coverage_.stopped = !visit_(std::as_const(history_));
    history_.finals.clear();
  }

  const M& model_;
  const Budget& budget_;
  Visit& visit_;
  std::vector<Node>
      path_;  // the first `depth_` are the current path, the others are kept for reuse
  std::size_t depth_ = 1;
  History history_;
  Coverage coverage_;
};

/// See Enumeration.
template <Model M, typename Visit>
Coverage enumerate(const M& model, const Budget& budget, Visit&& visit) {
  return Enumeration<M, std::remove_reference_t<Visit>>(model, budget, visit).run();
}

}  // namespace cacherace::search

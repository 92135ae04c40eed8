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
  std::uint64_t cut = 0;          // executions that were longer than the budget allows
  std::uint64_t transitions = 0;  // steps performed; shared prefixes are performed once
  bool exhausted = false;         // every schedule was visited

  bool operator==(const Coverage&) const = default;
};

struct Budget {
  std::uint64_t schedules_max = 20'000'000;  // complete or cut
  std::uint32_t steps_max = 200;             // of one execution
  /// Asked every few thousand transitions; false ends the exploration.
  std::function<bool(const Coverage&)> go_on = [](const Coverage&) { return true; };
};

/// Depth-first enumeration of the complete executions of `model`, in the lexicographic order of
/// their choices. `visit(const History&)` sees each and returns whether to go on. Backtracks by
/// copying one state a step: O(1) memory beyond `steps_max` states, time proportional to the number
/// of transitions.
template <Model M, typename Visit>
class Enumeration {
 public:
  Enumeration(const M& model, const Budget& budget, Visit& visit)
      : model_(model), budget_(budget), visit_(visit), stack_(1, model.initial()) {}

  Coverage run() {
    coverage_.exhausted = descend(0);
    return coverage_;
  }

 private:
  // Returns false when the exploration ended below without having visited everything.
  bool descend(std::size_t depth) {
    const auto choices = model_.pending(stack_[depth]);
    if (choices.empty()) return complete(depth);
    if (depth == budget_.steps_max) {
      stopped_ = spent();
      ++coverage_.cut;
      return false;
    }
    if (stack_.size() == depth + 1) stack_.push_back(stack_[depth]);
    bool everything = true;
    for (const auto& choice : choices) {
      stack_[depth + 1] = stack_[depth];
      history_.steps.push_back(model_.step(stack_[depth + 1], choice));
      ++coverage_.transitions;
      if (coverage_.transitions % 4096 == 0 && !budget_.go_on(coverage_)) stopped_ = true;
      everything = !stopped_ && descend(depth + 1) && everything;
      history_.steps.pop_back();
      if (stopped_) return false;
    }
    return everything;
  }

  bool spent() const { return coverage_.schedules + coverage_.cut >= budget_.schedules_max; }

  bool complete(std::size_t depth) {
    if (spent()) {
      stopped_ = true;
      return false;
    }
    ++coverage_.schedules;
    history_.finals = model_.finals(stack_[depth]);
    stopped_ = !visit_(std::as_const(history_));
    history_.finals.clear();
    return true;
  }

  const M& model_;
  const Budget& budget_;
  Visit& visit_;
  std::vector<typename M::State> stack_;  // by depth
  History history_;
  Coverage coverage_;
  bool stopped_ = false;
};

/// See Enumeration.
template <Model M, typename Visit>
Coverage enumerate(const M& model, const Budget& budget, Visit&& visit) {
  return Enumeration<M, std::remove_reference_t<Visit>>(model, budget, visit).run();
}

}  // namespace cacherace::search

#pragma once
// Executions that are drawn, for spaces that are too large to visit.

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/core/stream.hpp"
#include "sim/search/model.hpp"

namespace cacherace::search {

/// Each choice with the same chance.
class RandomWalk {
 public:
  /// Executions of one seed draw independently of each other.
  RandomWalk(std::uint64_t seed, std::uint64_t execution)
      : words_(seed, execution, Purpose::schedule) {}

  template <Model M>
  std::size_t pick(const M&, const typename M::Choices& choices) {
    return words_.below(choices.size());
  }

 private:
  Words words_;
};

/// A model that says who a choice is of.
template <typename M>
concept ActorModel = Model<M> && requires(const M& model, typename M::Choices choices) {
  { model.actor_of(choices[0]) } -> std::same_as<Actor>;
};

/// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte 2010): the actor
/// with the highest priority goes on. Priorities are drawn; at depth - 1 of the first `steps`
/// steps, which are drawn as well, the one that goes on falls behind all others. A violation that
/// takes `depth` orderings among n actors is met with a chance of at least 1 / (n * steps^(depth -
/// 1)). Of several choices of one actor each has the same chance.
class Pct {
 public:
  /// Requires depth > 0 and steps > 0.
  Pct(std::uint64_t seed, std::uint64_t execution, std::uint32_t depth, std::uint64_t steps)
      : words_(seed, execution, Purpose::schedule) {
    for (std::uint32_t i = 1; i < depth; ++i) changes_.push_back(words_.below(steps));
  }

  template <ActorModel M>
  std::size_t pick(const M& model, const typename M::Choices& choices) {
    Actor first = model.actor_of(choices[0]);
    for (const auto& choice : choices)
      if (priority(model.actor_of(choice)) > priority(first)) first = model.actor_of(choice);
    std::vector<std::size_t> of_first;
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (model.actor_of(choices[i]) == first) of_first.push_back(i);
    for (std::size_t i = 0; i < changes_.size(); ++i)
      if (changes_[i] == step_) priority(first) = changes_.size() - i;
    ++step_;
    return of_first[of_first.size() == 1 ? 0 : words_.below(of_first.size())];
  }

 private:
  std::uint64_t& priority(Actor actor) {
    for (auto& [known, priority] : priorities_)
      if (known == actor) return priority;
    // Above those that a change leaves behind.
    return priorities_.emplace_back(actor, words_.next() | std::uint64_t{1} << 63U).second;
  }

  Words words_;
  std::vector<std::uint64_t> changes_;
  std::vector<std::pair<Actor, std::uint64_t>> priorities_;
  std::uint64_t step_ = 0;
};

/// One complete execution, of choices that `scheduler` picks; nothing when it takes more than
/// `steps_max` steps. `visit` sees each state, the first and the last one too, and says whether to
/// go on; else there is nothing, either.
template <Model M, typename Scheduler>
std::optional<History> draw_execution(const M& model, Scheduler scheduler, std::uint64_t steps_max,
                                      auto visit) {
  History history;
  auto state = model.initial();
  if (!visit(std::as_const(state))) return std::nullopt;
  for (auto choices = model.pending(state); !choices.empty(); choices = model.pending(state)) {
    if (history.steps.size() == steps_max) return std::nullopt;
    history.steps.push_back(model.step(state, choices[scheduler.pick(model, choices)]));
    if (!visit(std::as_const(state))) return std::nullopt;
  }
  history.finals = model.finals(state);
  return history;
}

template <Model M, typename Scheduler>
std::optional<History> draw_execution(const M& model, Scheduler scheduler,
                                      std::uint64_t steps_max) {
  return draw_execution(model, std::move(scheduler), steps_max, [](const auto&) { return true; });
}

}  // namespace cacherace::search

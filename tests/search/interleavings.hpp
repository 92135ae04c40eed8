#pragma once
// The simplest model: every interleaving is a schedule.

#include <vector>

#include "sim/search/sample.hpp"

namespace cacherace::search {

/// Actors that each take a number of steps and do nothing.
struct Interleavings {
  struct State {
    std::vector<int> left;
  };
  using Choices = std::vector<Actor>;

  std::vector<int> lengths;

  State initial() const { return {lengths}; }
  Choices pending(const State& state) const {
    Choices choices;
    for (std::size_t i = 0; i < state.left.size(); ++i)
      if (state.left[i] > 0) choices.push_back(static_cast<Actor>(i));
    return choices;
  }
  Step step(State& state, Actor actor) const {
    --state.left[actor];
    return {.actor = actor};
  }
  std::vector<FinalKey> finals(const State&) const { return {FinalKey{}}; }
  static Actor actor_of(Actor choice) { return choice; }
};
static_assert(ActorModel<Interleavings>);

inline std::vector<Actor> actors_of(const History& history) {
  std::vector<Actor> actors;
  for (const Step& step : history.steps) actors.push_back(step.actor);
  return actors;
}

}  // namespace cacherace::search

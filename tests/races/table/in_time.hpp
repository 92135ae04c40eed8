#pragma once
// A race whose timers are all longer than anything that clients do.

#include "sim/engine/race/race.hpp"

namespace cacherace::test {

/// The same race, but nothing expires, no client gives up waiting and no second delete begins while
/// any client, task or replica can go on without that; entries pass their soft expiry whenever they
/// like. Every schedule of it is one of the race.
class InTime {
 public:
  using State = engine::Race::State;
  using Choices = engine::Race::Choices;

  explicit InTime(const engine::Race& race) : race_(race) {}

  State initial() const { return race_.initial(); }
  Choices pending(const State& state) const;
  Step step(State& state, engine::Choice choice) const { return race_.step(state, choice); }
  std::vector<FinalKey> finals(const State& state) const { return race_.finals(state); }

 private:
  const engine::Race& race_;
};

}  // namespace cacherace::test

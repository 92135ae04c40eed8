#pragma once
// How often clients have looked again, for the oracle of times.

#include <cstddef>
#include <cstdint>
#include <map>

#include "sim/engine/race/race.hpp"

namespace cacherace::test {

// The looks that each client has waited for in its current operation. A waiter gives up in place of
// the first look that comes no sooner than `give_up` after it began to wait; the first one comes
// after exactly one wait.
class Waits {
 public:
  void follow(const Step& step) {
    if (step.actor >= replica_actor) return;
    if (step.completes || step.turn == Turn::crashed)
      looks_.erase(step.actor);
    else if (step.effect.kind == EffectKind::wait)
      ++looks_[step.actor];
  }

  bool may_look(Actor actor, const Effect& wait) const {
    return wait.after.count() * (looks(actor) + 1) < wait.give_up.count();
  }
  bool may_give_up(Actor actor, const Effect& wait) const {
    return looks(actor) > 0 || wait.after >= wait.give_up;
  }

 private:
  std::int64_t looks(Actor actor) const {
    const auto found = looks_.find(actor);
    return found == looks_.end() ? 0 : found->second;
  }

  std::map<Actor, std::int64_t> looks_;
};

}  // namespace cacherace::test

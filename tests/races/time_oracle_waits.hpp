#pragma once
// How long clients have waited, for the oracle of times.

#include <algorithm>
#include <cstdint>
#include <map>

#include "sim/engine/race.hpp"

namespace cacherace::test {

// What each client has waited for between two looks, in its current operation; and whether it looks
// again, where it waits at present.
class Waits {
 public:
  static std::int64_t time(const Effect& wait, std::int64_t waited) {
    return std::max<std::int64_t>(0, std::min(wait.after.count(), wait.give_up.count() - waited));
  }

  void follow(const Step& step, const engine::Race::State& after) {
    if (step.actor >= replica_actor) return;
    if (step.completes || step.turn == Turn::crashed) waited_.erase(step.actor);
    if (step.actor >= after.world.clients.size()) return;
    const auto& client = after.world.clients[step.actor];
    if (!client.busy() || client.pending.kind != EffectKind::wait) return;
    last_ = time(client.pending, waited_[step.actor]);
    waited_[step.actor] += last_;
  }

  std::int64_t last() const { return last_; }
  bool gives_up(Actor actor, const Effect& wait) const {
    const auto waited = waited_.find(actor);
    return waited != waited_.end() && waited->second >= wait.give_up.count();
  }

 private:
  std::map<Actor, std::int64_t> waited_;
  std::int64_t last_ = 0;
};

}  // namespace cacherace::test
